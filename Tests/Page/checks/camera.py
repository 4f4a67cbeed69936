"""The camera: Chromium plays a film of a code for one."""

import segno

from browser import READY, Browser, hold, verdict, wait
from report import Report, equal
from vectors import case


def film(text: str, path, width: int = 640, height: int = 480) -> None:
    """An uncompressed film (YUV4MPEG2, 4:2:0) of one still picture."""
    code = segno.make(text, error="m", micro=False)
    rows = [bytearray(b"\xc8" * width) for _ in range(height)]
    scale = (height - 40) // (len(code.matrix) + 8)
    left, top = (width - scale * len(code.matrix)) // 2, (height - scale * len(code.matrix)) // 2
    for y, line in enumerate(code.matrix):
        for x, dark in enumerate(line):
            for row in rows[top + y * scale:top + (y + 1) * scale]:
                row[left + x * scale:left + (x + 1) * scale] = (b"\x20" if dark else b"\xe0") * scale
    frame = b"FRAME\n" + b"".join(rows) + b"\x80" * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 3)


def check(report: Report, browser: Browser) -> None:
    issued = case("issued")
    path = browser.folder / "photos" / "code.y4m"
    path.parent.mkdir(exist_ok=True)
    film(issued.stamp, path)
    chromium = browser.launch(
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={path}"
    )
    try:
        context = chromium.new_context(permissions=["camera"])
        context.clock.set_fixed_time(issued.now)
        with browser.site() as site:
            tab = browser.open(context, f"{site.url}/verify")
            hold(tab, issued)
            with report("a code that the camera sees is judged, and the camera is let go"):
                tab.locator("#scan").click()
                equal(verdict(tab), issued.verdict, "verdict")
                assert not tab.locator("#camera").is_visible()
                assert tab.evaluate("document.getElementById('video').srcObject === null")
    finally:
        chromium.close()
    with report("without a camera the page says so"):
        with browser.page() as tab:
            tab.locator("#scan").click()
            wait(tab, "document.getElementById('problem').dataset.name === 'noCamera'")

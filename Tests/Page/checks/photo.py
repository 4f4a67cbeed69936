"""A photo of a code, read by our own reader in the module."""

import segno

from browser import Browser, hold, verdict, wait
from report import Report, equal
from vectors import case


def picture(text: str, path, **options) -> str:
    segno.make(text, error="m", micro=False).save(str(path), **{"scale": 6, "border": 4, **options})
    return str(path)


def check(report: Report, browser: Browser) -> None:
    issued = case("issued")
    folder = browser.folder / "photos"
    folder.mkdir(exist_ok=True)
    with browser.page(now=issued.now) as tab:
        hold(tab, issued)
        for name, options in [
            ("plain", {}), ("small", {"scale": 3}), ("large", {"scale": 30}), ("inverted background", {"light": None}),
        ]:
            with report(f"{name}: read and judged"):
                tab.locator("#photo").set_input_files(picture(issued.stamp, folder / "code.png", **options))
                equal(verdict(tab), issued.verdict, "verdict")
                equal(tab.locator("#text").input_value(), issued.stamp, "text")
                tab.locator("#text").fill("")
                tab.evaluate("document.getElementById('result').hidden = true; document.getElementById('verdict').blur()")
        with report("a code of somebody else's is told apart"):
            tab.locator("#photo").set_input_files(picture("https://example.com/", folder / "other.png"))
            wait(tab, "document.getElementById('problem').dataset.name === 'noStamp'")
        with report("a picture without a code"):
            (folder / "blank.png").write_bytes(tab.locator("h1").screenshot())
            tab.locator("#photo").set_input_files(str(folder / "blank.png"))
            wait(tab, "document.getElementById('problem').dataset.name === 'noCode'")
        with report("a file that is no picture"):
            tab.locator("#photo").set_input_files(files=[{"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}])
            wait(tab, "document.getElementById('problem').dataset.name === 'noPhoto'")

"""What a hostile code, file or photo can do to the page: be refused in words."""

import random

from browser import Browser, ask, hold, verdict, wait
from report import Report, equal
from vectors import case


def refused(tab, text: str) -> str:
    tab.evaluate("document.getElementById('problem').hidden = true")
    tab.locator("#text").fill(text)
    tab.locator("#check").click()
    wait(tab, "!document.getElementById('problem').hidden")
    assert not tab.locator("#result").is_visible(), "a verdict of rubbish"
    return tab.locator("#problem").inner_text()


def check(report: Report, browser: Browser) -> None:
    issued = case("issued")
    seed = random.randrange(1 << 32)
    generator = random.Random(seed)
    with browser.page(now=issued.now) as tab:
        hold(tab, issued)
        with report("markup in a code stays text"):
            text = refused(tab, "<img src=x onerror=alert(1)><script>alert(2)</script>")
            equal(tab.locator("#problem img, #problem script").count(), 0, "elements")
        with report(f"texts of every length up to 64 kB (seed {seed})"):
            for length in [0, 1, 2, 100, 2047, 2048, 2049, 65535, 65536]:
                refused(tab, "".join(chr(generator.randrange(33, 0x24F)) for _ in range(length)))
        with report("a stamp that is cut anywhere is refused or forged, and never stands"):
            for _ in range(40):
                at = generator.randrange(len(issued.stamp))
                refused(tab, issued.stamp[:at])
        with report("after all that a right stamp is judged"):
            equal(ask(tab, issued.stamp), issued.verdict, "verdict")
        with report("files of rubbish are refused with a reason and not kept"):
            held = tab.locator("#files li").count()
            rubbish = [b"", b"\xd9\xd9\xf7", b"\xd9\xd9\xf7\x83", generator.randbytes(5000), b"\x00" * 100000,
                       b"\xd9\xd9\xf7\x83\x78\x19traceledger/registry-pack\x01" + b"\x9f" * 64]
            for bytes_ in rubbish:
                tab.locator("#add").set_input_files(
                    files=[{"name": "x", "mimeType": "application/octet-stream", "buffer": bytes_}]
                )
                wait(tab, "document.getElementById('trust-told').textContent.includes('not taken')")
            equal(tab.locator("#files li").count(), held, "files")
        equal(tab.problems, [], "errors in the console")

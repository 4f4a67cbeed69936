"""No mouse, no touch: Tab, Enter and Space from the first control to a verdict with its hidden code."""

from browser import Browser, hold, wait
from report import Report, equal
from vectors import case


def tab_to(page, wanted: str, most: int = 40) -> None:
    for _ in range(most):
        if page.evaluate("document.activeElement?.id") == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached with Tab")


def check(report: Report, browser: Browser) -> None:
    right = case("secret")
    with browser.page(now=right.now) as page:
        hold(page, right)
        page.evaluate("document.activeElement.blur()")
        with report("Tab meets every control in the order of the page, and each shows that it is there"):
            seen = []
            for _ in range(20):
                page.keyboard.press("Tab")
                here = page.evaluate("""() => {
                    const node = document.activeElement;
                    if (node === document.body) return null;
                    const place = (node.closest('.button') ?? node);
                    return [node.id || node.textContent.slice(0, 20), getComputedStyle(place).outlineStyle];
                }""")
                if here is None:
                    break
                seen.append(here)
            names = [name for name, _ in seen]
            equal(names[:2], ["English", "中文"], "first")
            for name in ("scan", "photo", "text", "check"):
                assert name in names, f"{name} is not among {names}"
            equal([name for name, outline in seen if outline == "none"], [], "without an outline")
        with report("a code is pasted, checked and opened with keys alone"):
            page.evaluate("document.activeElement.blur()")
            tab_to(page, "text")
            page.keyboard.insert_text(right.stamp)
            tab_to(page, "check")
            page.keyboard.press("Enter")
            wait(page, "document.activeElement?.id === 'verdict'")
            tab_to(page, "code")
            page.keyboard.type(right.code)
            page.keyboard.press("Enter")
            wait(page, "document.getElementById('verdict')?.dataset.verdict === 'secretMatches'")
            wait(page, "document.activeElement?.id === 'verdict'")
        with report("the details open with a key"):
            page.evaluate("document.querySelector('#details summary').focus()")
            page.keyboard.press("Enter")
            assert page.evaluate("document.querySelector('#details details').open")

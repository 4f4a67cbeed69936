"""English and Chinese, by what the reader's browser asks for and by a button that is remembered."""

from browser import READY, Browser, ask, hold, wait
from report import Report, equal
from vectors import case


def check(report: Report, browser: Browser) -> None:
    for asked, wanted, title in [
        ("en-GB", "en", "Check a code"), ("zh-CN", "zh", "查验编码"), ("zh-TW", "zh", "查验编码"), ("fr-FR", "en", "Check a code"),
    ]:
        with report(f"{asked} is answered in {wanted}"):
            with browser.page(language=asked) as tab:
                equal(tab.locator("h1").inner_text(), title, "title")
                equal(tab.evaluate("document.documentElement.lang"), wanted, "lang")
                equal(tab.title(), title, "title of the tab")
    with report("every sentence of a verdict changes with the language, and back"):
        logged = case("logged")
        with browser.page(now=logged.now) as tab:
            hold(tab, logged)
            ask(tab, logged.stamp)
            english = tab.locator(".meaning").inner_text()
            tab.get_by_role("button", name="中文").click()
            chinese = tab.locator(".meaning").inner_text()
            assert "账本" in chinese and chinese != english, chinese
            equal(tab.get_by_role("button", name="中文").get_attribute("aria-pressed"), "true", "pressed")
            left = tab.evaluate("""() => [...document.querySelectorAll('[data-word], #told, dt, .as-of')]
                .map((node) => node.textContent).filter((text) => / (the|of|and) /.test(text))""")
            equal(left, [], "English in the Chinese page")
            tab.get_by_role("button", name="English").click()
            equal(tab.locator(".meaning").inner_text(), english, "sentence")
    with report("the choice is remembered"):
        with browser.site() as site, browser.page(f"{site.url}/verify") as tab:
            tab.get_by_role("button", name="中文").click()
            tab.wait_for_timeout(200)
            tab.reload()
            wait(tab, READY)
            equal(tab.locator("h1").inner_text(), "查验编码", "title")

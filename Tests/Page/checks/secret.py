"""The hidden code: right, mistyped, wrong, of another item; and it never leaves the device."""

from browser import Browser, ask, hold, reveal, wait
from report import Report, equal
from vectors import case


def check(report: Report, browser: Browser) -> None:
    right, wrong = case("secret"), case("wrong-secret")
    with browser.context(now=right.now) as context:
        requests = []
        context.on("request", lambda request: requests.append(request.url))
        tab = browser.open(context)
        hold(tab, right)
        equal(ask(tab, right.stamp), "issuedAndLogged", "verdict before")
        with report("a mistyped code is told before anything is judged"):
            typed = right.code[:-1] + ("A" if right.code[-1] != "A" else "B")
            tab.locator("#code").fill(typed)
            tab.locator("#secret button").click()
            wait(tab, "document.getElementById('secret-problem').textContent !== ''")
            assert "check character" in tab.locator("#secret-problem").inner_text()
            equal(tab.locator("#verdict").get_attribute("data-verdict"), "issuedAndLogged", "verdict")
            equal(tab.evaluate("document.activeElement.id"), "code", "focus")
        with report("lower case, hyphens and spaces are forgiven"):
            text = right.code.lower()
            equal(reveal(tab, f" {text[:4]}-{text[4:9]} {text[9:]} "), "secretMatches", "verdict")
        with report("the code is not in the page any more when another is checked"):
            ask(tab, wrong.stamp)
            equal(tab.locator("#code").input_value(), "", "field")
        with report("another item's code is forged"):
            equal(reveal(tab, wrong.code), "forged", "verdict")
        with report("nothing was asked of anybody"):
            equal({url.split(":")[0] for url in requests} - {"file", "data", "blob"}, set(), "schemes")
    with report("without the item's proof a code says nothing"):
        bare = case("secret-without-proof")
        with browser.page(now=bare.now) as tab:
            hold(tab, bare)
            ask(tab, bare.stamp)
            equal(reveal(tab, bare.code), bare.verdict, "verdict")
            assert "pack" in tab.locator("#opening").inner_text() or tab.locator("#opening").inner_text() == ""

"""From a file, with no site at all: packs are kept in the browser, and nothing is asked of anybody."""

from browser import Browser, ask, hold, judge
from report import Report, equal
from vectors import case


def check(report: Report, browser: Browser) -> None:
    logged = case("logged")
    with browser.context(now=logged.now) as context:
        requests = []
        context.on("request", lambda request: requests.append(request.url))
        tab = browser.open(context)
        with report("a stamp of a stranger is of an unknown key"):
            equal(ask(tab, logged.stamp), "unknownKey", "verdict")
        with report("with policy, registry and pack it is in the ledger"):
            equal(judge(tab, logged), logged.verdict, "verdict")
        with report("the files are there when the page is opened again"):
            tab.close()
            tab = browser.open(context)
            equal(ask(tab, logged.stamp), logged.verdict, "verdict")
        with report("removed, they are gone"):
            tab.locator("#trust summary").click()
            tab.locator("#forget").click()
            equal(ask(tab, logged.stamp), "unknownKey", "verdict")
        with report("there is nothing to ask a site for"):
            assert not tab.locator("#update").is_visible() and tab.locator("#look-up").count() == 0
        with report("no request but the file"):
            equal({url.split(":")[0] for url in requests} - {"file", "data", "blob"}, set(), "schemes")

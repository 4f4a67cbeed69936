"""The record of an opening: signed here, kept without a network, sent when a person says so."""

from browser import READY, Browser, ask, hold, reveal, trust, wait
from report import Report, equal
from vectors import case


def opened(browser: Browser, context, site, right):
    tab = browser.open(context, f"{site.url}/verify")
    hold(tab, right)
    ask(tab, right.stamp)
    equal(reveal(tab, right.code), "secretMatches", "verdict")
    return tab


def check(report: Report, browser: Browser) -> None:
    right = case("secret")
    with browser.site(trust()) as site, browser.context(now=right.now) as context:
        tab = opened(browser, context, site, right)
        with report("nothing is recorded before the person says so"):
            equal(site.activations, [], "activations")
        with report("recorded: the site gets one signed statement, and says that it is the first"):
            tab.locator("#open").click()
            wait(tab, "document.getElementById('opening').textContent.includes('first opening')")
            equal(len(site.activations), 1, "activations")
            statement = site.activations[0]
            assert statement[0] == 0xD2 and f"(01){gtin(right)}".encode() in statement and b"item:" in statement
        with report("the code still matches for the one who opened it"):
            equal(ask(tab, right.stamp) and reveal(tab, right.code), "secretMatches", "verdict")
    with report("with the site gone it is kept, and sent later as it was made"):
        with browser.site(trust()) as site, browser.context(now=right.now) as context:
            tab = opened(browser, context, site, right)
            context.set_offline(True)
            tab.locator("#open").click()
            wait(tab, "document.getElementById('opening').textContent.includes('kept on this device')")
            equal(site.activations, [], "activations")
            kept = tab.locator("#pending li").count()
            equal(kept, 1, "kept openings")
            context.set_offline(False)
            tab.reload()
            wait(tab, READY)
            site.answer = (202, {"status": "forwarded"})
            tab.locator("#pending button", has_text="Send now").click()
            wait(tab, "document.getElementById('pending').textContent.includes('hands it on')")
            site.answer = (201, {"index": 9, "first": False})
            tab.locator("#pending button", has_text="Send now").click()
            wait(tab, "document.getElementById('pending').textContent.includes('not the first')")
            equal(len(set(site.activations)), 1, "different statements")
            equal(len(site.activations), 2, "posts")
    with report("a site that refuses is quoted"):
        with browser.site(trust()) as site, browser.context(now=right.now) as context:
            tab = opened(browser, context, site, right)
            site.answer = (429, {"title": "Too Many Requests", "detail": "wait a minute"})
            tab.locator("#open").click()
            wait(tab, "document.getElementById('status').textContent.includes('wait a minute')")
    with report("from disk it becomes a file"):
        with browser.page(now=right.now) as tab:
            hold(tab, right)
            ask(tab, right.stamp)
            reveal(tab, right.code)
            tab.locator("#open").click()
            with tab.expect_download() as download:
                tab.locator("#opening button", has_text="Save as a file").click()
            with open(download.value.path(), "rb") as file:
                equal(file.read(1), b"\xd2", "first byte")


def gtin(case) -> str:
    return case.stamp.split("/01/")[1][:14]

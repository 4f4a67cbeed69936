"""No request leaves the page while it checks: watched from underneath, by the browser's own network log, and by the site."""

from browser import Browser, ask, hold, reveal, trust, wait
from report import Report, equal
from vectors import case


def check(report: Report, browser: Browser) -> None:
    right = case("secret")
    with browser.site(trust()) as site, browser.context(now=right.now) as context:
        tab = browser.open(context, f"{site.url}/verify")
        wait(tab, "navigator.serviceWorker.controller !== null")
        hold(tab, right)
        session = context.new_cdp_session(tab)
        session.send("Network.enable")
        sent = []
        for event in ("Network.requestWillBeSent", "Network.webSocketCreated", "Network.webTransportCreated"):
            session.on(event, lambda told: sent.append(told.get("request", told).get("url")))
        site.asked.clear()
        with report("checking a code asks nobody"):
            equal(ask(tab, right.stamp), "issuedAndLogged", "verdict")
            equal(reveal(tab, right.code), "secretMatches", "verdict")
            tab.wait_for_timeout(500)
            equal(sent, [], "requests")
            equal(site.asked, [], "what the site was asked")
        with report("the watch sees a request when there is one"):
            tab.locator("#look-up").click()
            wait(tab, "document.getElementById('status').textContent !== ''")
            tab.wait_for_timeout(300)
            assert sent and site.asked, "nothing was seen"
        with report("the page may not ask another site, whatever its script does"):
            outcome = tab.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')")
            equal(outcome, "refused", "fetch")
            blocked = tab.evaluate("""() => new Promise((resolve) => {
                addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true });
                new Image().src = 'http://127.0.0.1:9/pixel.png';
            })""")
            equal(blocked, "img-src", "directive")
        with report("no cookie, no local storage, no place, no identifier"):
            equal(context.cookies(), [], "cookies")
            equal(tab.evaluate("localStorage.length + sessionStorage.length"), 0, "storage")

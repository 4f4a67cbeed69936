"""Online once, then with the site gone: the page, its trust and its verdicts stay."""

from urllib.parse import urlsplit

from browser import READY, Browser, ask, hold, trust, verdict, wait
from report import Report, equal
from vectors import bytes_of, case

CONTROLLED = "navigator.serviceWorker.controller !== null"


def at(site, stamp: str) -> str:
    """The stamp's link at this site, as a resolver's domain would have it."""
    link = urlsplit(stamp)
    return f"{site.url}{link.path}?{link.query}"


def check(report: Report, browser: Browser) -> None:
    issued, logged = case("issued"), case("logged")
    site = browser.site(trust())
    with site, browser.context(now=issued.now) as context:
        with report("the first visit checks the code that it was opened at"):
            tab = browser.open(context, at(site, issued.stamp))
            equal(verdict(tab), "issued", "verdict")
            equal([path for path in site.asked if path.startswith("/trust/")],
                  ["/trust/policy", "/trust/registry-pack", "/trust/recalls"], "asked for")
        with report("the page installs itself"):
            wait(tab, CONTROLLED)
        with report("a second visit does not tell the server what is scanned"):
            site.asked.clear()
            tab.goto(at(site, logged.stamp))
            wait(tab, READY)
            equal(verdict(tab), "issued", "verdict")
            equal([path for path in site.asked if path.startswith("/01/")], [], "links asked for")
        with report("links of another kind still go to the server"):
            answer = tab.request.get(f"{site.url}/01/09506000134352?linkType=linkset")
            equal(answer.status, 404, "status")
        hold(tab, logged)
        site.stop()
        with report("with the network gone it opens at another code and checks it"):
            tab.goto(at(site, logged.stamp))
            wait(tab, READY)
            equal(verdict(tab), "issuedAndLogged", "verdict")
            browser.picture(tab, "offline-en")
        with report("and says that it could not update"):
            tab.locator("#trust summary").click()
            tab.locator("#update").click()
            wait(tab, "document.getElementById('status').textContent.includes('cannot be reached')")
    with report("a page that is not the worker's is not kept"):
        with browser.site() as other, browser.context() as context:
            other.files["/verify"] = (browser.folder / "verify.html").read_bytes() + b"\n"
            tab = browser.open(context, f"{other.url}/verify")
            state = tab.evaluate("""async () => {
                for (let turn = 0; turn < 30; turn += 1) {
                    await new Promise((resolve) => setTimeout(resolve, 100));
                    if (!await navigator.serviceWorker.getRegistration()) return 'none';
                }
                return 'kept';
            }""")
            equal(state, "none", "registration")

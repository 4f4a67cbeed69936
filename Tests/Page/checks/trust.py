"""What a device trusts: it asks a person before another policy or registry takes its place, and takes nothing older or broken."""

from browser import Browser, ask, hold, trust, wait
from report import Report, equal
from vectors import bytes_of, case


def told(tab) -> str:
    wait(tab, "document.querySelectorAll('#trust-told li').length > 0")
    return tab.locator("#trust-told").text_content()


def check(report: Report, browser: Browser) -> None:
    issued, stranger = case("issued"), case("unknown-issuer")
    with browser.site(trust()) as site, browser.context(now=issued.now) as context:
        tab = browser.open(context, f"{site.url}/verify")
        equal(ask(tab, issued.stamp), "issued", "verdict")
        with report("the site's policy changes: the old one stays until a person says so"):
            site.files["/trust/policy"] = bytes_of("other-policy")
            tab.locator("#trust summary").click()
            tab.locator("#update").click()
            assert "another Policy" in told(tab), told(tab)
            equal(ask(tab, issued.stamp), "issued", "verdict")
        with report("accepted, it judges"):
            tab.get_by_role("button", name="Trust it").click()
            wait(tab, "document.getElementById('verdict').dataset.verdict === 'unknownKey'")
        site.files["/trust/policy"] = bytes_of("policy")
    with report("an older registry pack is not taken"):
        with browser.site(trust()) as site, browser.context(now=issued.now) as context:
            tab = browser.open(context, f"{site.url}/verify")
            site.files["/trust/registry-pack"] = bytes_of("old-registry-pack")
            tab.locator("#trust summary").click()
            tab.locator("#update").click()
            assert "older" in told(tab), told(tab)
    with report("a registry pack with one bit changed is refused with the reason"):
        broken = bytearray(bytes_of("registry-pack"))
        broken[len(broken) // 2] ^= 1
        with browser.site({**trust(), "/trust/registry-pack": bytes(broken)}) as site, browser.context(now=issued.now) as context:
            tab = browser.open(context, f"{site.url}/verify")
            assert "not taken" in told(tab), told(tab)
            equal(ask(tab, issued.stamp), "unknownKey", "verdict")
    with report("what the site knows of an item is taken on a tap"):
        logged = case("logged")
        pack = next(name for name in logged.files if name.endswith(".proof"))
        with browser.site(trust()) as site, browser.context(now=logged.now) as context:
            tab = browser.open(context, f"{site.url}/verify")
            equal(ask(tab, logged.stamp), "issued", "verdict")
            path = "/01/" + logged.stamp.split("/01/")[1].split("?")[0]
            site.files[f"{path}?linkType=traceledger:itemProof"] = bytes_of(pack)
            tab.locator("#look-up").click()
            wait(tab, "document.getElementById('verdict').dataset.verdict === 'issuedAndLogged'")

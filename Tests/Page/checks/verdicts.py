"""Every case of the goldens, as the native verifier judges it; and no verdict without its sentence."""

from browser import Browser, judge
from report import Report, equal
from vectors import case, cases

# One of each goes into the artefacts.
PICTURES = {
    "issued": "issued", "logged": "issuedAndLogged", "secret": "secretMatches", "recalled": "recalled",
    "altered-serial": "forged", "expired": "expired", "activated": "alreadyActivated", "unknown-issuer": "unknownKey",
    "revoked": "keyRevoked", "not-in-pack": "notInLedger",
}


def check(report: Report, browser: Browser) -> None:
    with report("the goldens have every verdict"):
        equal({case.verdict for case in cases()}, set(PICTURES.values()), "verdicts")
    for each in cases():
        with report(f"{each.name}: {each.verdict}"):
            with browser.page(now=each.now) as tab:
                # A file that is wrong by itself is not even kept.
                wanted = "issued" if each.name == "altered-proof" else each.verdict
                equal(judge(tab, each), wanted, "verdict")
                sentence(tab)
                equal(tab.problems, [], "errors in the console")
                if each.name in PICTURES:
                    browser.picture(tab, f"{each.verdict}-en")
    with report("in Chinese"):
        for name in ("issued", "secret", "recalled"):
            with browser.page(now=case(name).now, language="zh-CN") as tab:
                judge(tab, case(name))
                browser.picture(tab, f"{case(name).verdict}-zh")


def sentence(tab) -> None:
    """The heading and its sentence stand in one place, read as one; and the word "genuine" is nowhere else."""
    told = tab.locator("#told")
    equal(told.locator("#verdict").count(), 1, "headings")
    assert len(told.locator(".meaning").inner_text()) > 30, "a verdict without its sentence"
    equal(told.get_attribute("aria-atomic"), "true", "aria-atomic")
    text = tab.evaluate("""() => {
        const copy = document.querySelector('main').cloneNode(true);
        copy.querySelectorAll('.meaning, script').forEach((node) => node.remove());
        return copy.textContent;
    }""")
    assert "genuine" not in text.lower(), "the word outside its sentence"

"""The file itself: its weight, its policy, that it is whole; and a page that cannot check anything says so."""

import gzip
import hashlib
import re

from browser import Browser, wait
from report import Report, equal

# The goal is 150_000 (Docs/Page.md, "What it weighs"): this holds what is reached.
LIMIT = 230_000


def check(report: Report, browser: Browser) -> None:
    page = (browser.folder / "verify.html").read_bytes()
    with report("it weighs under 230 kB compressed"):
        size = len(gzip.compress(page, 9))
        print(f"      {size} bytes with gzip")
        assert size < LIMIT, f"{size} bytes"
    with report("it names no other place"):
        found = re.findall(rb"""(?:src|href|url\()\s*=?\s*["']?(?!data:)([a-z]+:|//)""", page)
        equal(found, [], "addresses")
    with report("its policy lets nothing in and nothing out but its own site"):
        policy = re.search(rb'Content-Security-Policy" content="([^"]+)"', page).group(1).decode()
        rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
        equal(rules["default-src"], "'none'", "default-src")
        equal(rules["connect-src"], "'self'", "connect-src")
        assert "unsafe-inline" not in policy and "*" not in policy and " 'unsafe-eval'" not in policy, policy
    with report("the worker is of this page"):
        assert hashlib.sha256(page).hexdigest() in (browser.folder / "sw.js").read_text()
    with report("over plain http from elsewhere it says why it cannot check"):
        insecure(browser)
    with report("a link without a signature proves nothing"):
        with browser.site() as site, browser.page(f"{site.url}/01/09506000134352") as tab:
            assert "proves nothing" in tab.locator("#problem").inner_text()
            assert not tab.locator("#result").is_visible()


def insecure(browser: Browser) -> None:
    """A name that is not localhost, led to this machine."""
    chromium = browser.launch("--host-resolver-rules=MAP shop.example 127.0.0.1")
    try:
        with browser.site() as site:
            tab = chromium.new_page()
            tab.goto(f"{site.url.replace('127.0.0.1', 'shop.example')}/verify")
            wait(tab, "document.documentElement.dataset.ready")
            assert "plain http" in tab.locator("#problem").inner_text()
            assert not tab.locator("#ask").is_visible(), "it still offers to check"
    finally:
        chromium.close()

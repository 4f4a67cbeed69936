"""How long from a loaded page to a verdict: the issue's goal is 200 ms."""

import statistics

from browser import Browser, ask, hold, reveal
from report import Report
from vectors import case

GOAL = 200


def check(report: Report, browser: Browser) -> None:
    for name in ("issued", "logged", "secret"):
        each = case(name)
        with browser.page(now=each.now) as tab:
            hold(tab, each)
            times = []
            for _ in range(5):
                ask(tab, each.stamp)
                if each.code:
                    reveal(tab, each.code)
                times.append(float(tab.locator("#result").get_attribute("data-milliseconds")))
            print(f"      {name}: first {times[0]:.0f} ms, then {statistics.median(times[1:]):.0f} ms")
            with report(f"{name} within {GOAL} ms"):
                assert min(times) < GOAL, f"{times} ms"
    with browser.page() as tab:
        print(f"      the page is ready {tab.evaluate('Math.round(performance.now())')} ms after it was opened")

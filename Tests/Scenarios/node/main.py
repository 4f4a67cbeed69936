"""Scenarios of real nodes. usage: main.py BINARIES [SCENARIO...]"""

import importlib
import os
import signal
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[1:1] = [str(HERE.parent.parent / "Interop"), str(HERE.parent)]

SCENARIOS = ["witness", "pushing", "activations", "links", "ring", "kills", "joining", "origins", "splitviews", "backup", "disk", "clock", "partitions", "configurations", "clients", "quotas", "secured", "stopping"]
# Whatever hangs is ended: a scenario that waits for ever would hide what is behind it.
LIMIT = int(os.environ.get("TRACE_SCENARIO_SECONDS", "600"))


class TooLong(Exception):
    pass


def expire(*_):
    raise TooLong(f"longer than {LIMIT} s")


def main(binaries: str, wanted: list[str]) -> int:
    os.environ["TRACE_BINARIES"] = binaries
    unknown = set(wanted) - set(SCENARIOS)
    if unknown:
        print(f"no scenario {', '.join(sorted(unknown))}: there are {', '.join(SCENARIOS)}", file=sys.stderr)
        return 2
    from harness import Site
    from report import Report

    signal.signal(signal.SIGALRM, expire)
    # So that what was started is ended, also when this is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report = Report()
    for name in wanted or SCENARIOS:
        print(f"== {name}")
        started = time.monotonic()
        with report(name + " runs to its end"), Site(name) as site:
            signal.setitimer(signal.ITIMER_REAL, LIMIT, 5)  # again and again: a check may swallow it
            try:
                importlib.import_module(name).run(report, site)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        print(f"      {time.monotonic() - started:.1f} s")
    return report.finish()


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main(sys.argv[1], sys.argv[2:]))

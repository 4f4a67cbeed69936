"""Interoperability checks: `run [SECTION...]`."""

import importlib
import sys
import tempfile
import time
from pathlib import Path

from report import Report
from world import World

SECTIONS = [
    "keys",
    "entries",
    "tiles",
    "proofs",
    "flips",
    "forgeries",
    "grammar",
    "payloads",
    "documents",
    "submission",
    "cosignatures",
    "registry",
    "completeness",
    "bundles",
    "forks",
]


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - set(SECTIONS)
    if unknown:
        print(f"no section {', '.join(sorted(unknown))}: there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    report = Report()
    with tempfile.TemporaryDirectory(prefix="traceledger-interop-") as directory:
        world = World(Path(directory))
        for name in wanted or SECTIONS:
            print(f"== {name}")
            started = time.monotonic()
            importlib.import_module(f"checks.{name}").check(report, world)
            print(f"      {time.monotonic() - started:.1f} s")
    return report.finish()


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main(sys.argv[1:]))

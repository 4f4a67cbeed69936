"""Interoperability checks: `run [SECTION...]`."""

import importlib
import os
import sys
import tempfile
import time
from pathlib import Path

from report import Report

# Real nodes are started by what the scenarios start them with.
sys.path.append(str(Path(__file__).resolve().parent.parent / "Scenarios" / "node"))
os.environ.setdefault("TRACE_BINARIES", str(Path(os.environ["TRACELEDGER"]).resolve().parent))

from harness import Site
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
    "labels",
    "served",
    "registered",
    "cosigned",
    "hammered",
]


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - set(SECTIONS)
    if unknown:
        print(f"no section {', '.join(sorted(unknown))}: there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    report = Report()
    with tempfile.TemporaryDirectory(prefix="traceledger-interop-") as directory, Site("interop") as site:
        world = World(Path(directory), site)
        for name in wanted or SECTIONS:
            print(f"== {name}")
            started = time.monotonic()
            with report(f"{name} runs to its end"):
                importlib.import_module(f"checks.{name}").check(report, world)
            print(f"      {time.monotonic() - started:.1f} s")
    return report.finish()


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main(sys.argv[1:]))

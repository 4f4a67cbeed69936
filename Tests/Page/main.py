"""The page in a real browser: `run [SECTION...]`."""

import importlib
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Tests" / "Interop"))

from browser import Browser
from report import Report

SECTIONS = [
    "shell", "verdicts", "languages", "disk", "offline", "photo", "camera", "secret", "opening", "trust", "keyboard",
    "names", "privacy", "hostile", "speed",
]


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - set(SECTIONS)
    if unknown:
        print(f"no section {', '.join(sorted(unknown))}: there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        print("Tests/Page: no chromium: run scripts/setup test", file=sys.stderr)
        return 2
    report = Report()
    with Browser(executable, ROOT / ".artifacts" / "page") as browser:
        for name in wanted or SECTIONS:
            print(f"== {name}")
            started = time.monotonic()
            with report(f"{name} runs to its end"):
                importlib.import_module(f"checks.{name}").check(report, browser)
            print(f"      {time.monotonic() - started:.1f} s")
    return report.finish()


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main(sys.argv[1:]))

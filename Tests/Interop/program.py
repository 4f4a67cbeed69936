"""The program under test, as a person would call it."""

import os
import subprocess
from functools import cache
from pathlib import Path

from report import short

BINARY = os.environ["TRACELEDGER"]
ROOT = Path(__file__).resolve().parent.parent.parent
VECTORS = Path(os.environ.get("TRACELEDGER_VECTORS", ROOT.parent / "shared" / "vectors"))


@cache
def help_text() -> str:
    return subprocess.run([BINARY, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout


def status(*arguments, input: bytes | None = None) -> int:
    return _run(arguments, input).returncode


def output(*arguments) -> bytes:
    """Standard output of a call whatever its exit code."""
    return _run(arguments, None).stdout


def run(*arguments, input: bytes | None = None) -> bytes:
    """Standard output of a call that must succeed."""
    result = _run(arguments, input)
    if result.returncode != 0:
        said = result.stderr.decode(errors="replace").strip()
        raise AssertionError(f"{' '.join(map(str, arguments))}: exit {result.returncode}: {short(said)}")
    return result.stdout


def _run(arguments, input) -> subprocess.CompletedProcess:
    command = str(arguments[0])
    if f"\n  {command} " not in help_text():
        raise AssertionError(f"this traceledger has no command '{command}'")
    result = subprocess.run(
        [BINARY, *map(str, arguments)], input=input or b"", capture_output=True, timeout=120, check=False
    )
    if result.returncode not in (0, 1, 2, 3):
        raise AssertionError(f"{' '.join(map(str, arguments))}: died with {result.returncode}: {short(result.stderr)}")
    return result

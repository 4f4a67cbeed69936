"""Prints each check in a line and counts."""

import sys
import traceback
from contextlib import contextmanager


class Skipped(Exception):
    """A check that cannot be made here, with the reason."""


class Report:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    @contextmanager
    def __call__(self, name: str):
        """One check: what is raised inside is its failure, and the next one goes on."""
        try:
            yield
        except Skipped as reason:
            self.skipped += 1
            print(f"skip  {name}: {reason}")
        except Exception as error:
            self.failed += 1
            place = traceback.extract_tb(sys.exc_info()[2])[-1]
            reason = str(error) or type(error).__name__
            print(f"FAIL  {name}: {reason} [{place.filename.rsplit('/', 1)[-1]}:{place.lineno}]")
        else:
            self.passed += 1
            print(f"ok    {name}")

    def finish(self) -> int:
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed or not self.passed else 0


def equal(found, expected, what: str) -> None:
    if found != expected:
        raise AssertionError(f"{what}: found {short(found)}, expected {short(expected)}")


def short(value) -> str:
    text = value.hex() if isinstance(value, bytes) else repr(value)
    return text if len(text) <= 400 else text[:400] + "..."


def refused(action, *arguments) -> bool:
    """Whether a verification of ours refuses, which it does by raising."""
    try:
        action(*arguments)
    except Exception:
        return True
    return False

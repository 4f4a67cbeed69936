"""The cases of Tests/Goldens/stamps: a stamp, the files that a device holds, and the verdict that every verifier must reach."""

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "Goldens" / "stamps"


@dataclass
class Case:
    name: str
    stamp: str
    verdict: str
    now: int
    files: list[str]
    code: str | None = None

    def paths(self) -> list[str]:
        return [str(FOLDER / name) for name in self.files]


def cases() -> list[Case]:
    """All but those of an opening that the device made itself: its page would not have been told of it by a file."""
    listed = json.loads((FOLDER / "cases.json").read_text())
    return [Case(**case) for case in listed if "own" not in case]


def case(name: str) -> Case:
    return next(case for case in cases() if case.name == name)


def bytes_of(name: str) -> bytes:
    return (FOLDER / name).read_bytes()

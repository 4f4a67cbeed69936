"""Runs transcripts: text files that show commands and what they print.

    # a comment
    $ traceledger key generate ledger.pem      a command, run by bash in a fresh directory of the transcript
    ledger.pem ...                             a line it must print; `...` stands for any text within the line
    ...                                        alone on a line: any lines, or none
    [exit 2]                                   its exit code, 0 unless said

Standard output and standard error are shown together, as on a terminal. $EXAMPLES is Docs/Examples; the rest of
the caller's environment is kept out. usage: transcripts.py BINARIES FOLDER-OR-FILE...
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def steps(text):
    """The commands of a transcript: (line number, command, expected lines, expected exit code)."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("$ "):
            found.append([number, line[2:], [], 0])
        elif match := re.fullmatch(r"\[exit (\d+)\]", line):
            found[-1][3] = int(match[1])
        elif found and line and not line.startswith("#"):
            found[-1][2].append(line)
    return found


def pattern(lines):
    """A regular expression for the expected lines."""
    parts = []
    for line in lines:
        if line == "...":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append("[^\n]*?".join(re.escape(part) for part in line.split("...")) + r"\n")
    return re.compile("".join(parts))


def run(path, environment):
    """Runs one transcript; returns what is wrong, or None."""
    script = steps(path.read_text())
    if not script:
        return "no commands in it"
    with tempfile.TemporaryDirectory() as directory:
        for number, command, expected, code in script:
            result = subprocess.run(
                ["bash", "-c", command], cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
            )
            printed = result.stdout.decode(errors="replace")
            if printed and not printed.endswith("\n"):
                printed += "\n"
            if result.returncode != code:
                return f"line {number}: exit {result.returncode}, not {code}\n{printed}"
            if not pattern(expected).fullmatch(printed):
                return f"line {number}: printed\n{printed}"
    return None


def main(binaries, *places):
    environment = {
        "PATH": f"{pathlib.Path(binaries).resolve()}:{os.environ['PATH']}", "HOME": "/nonexistent", "LANG": "C.UTF-8",
        "NO_COLOR": "1", "EXAMPLES": str(ROOT / "Docs/Examples"),
    }
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    files = []
    for place in map(pathlib.Path, places):
        files += sorted(place.glob("*.txt")) if place.is_dir() else [place]
    failed = 0
    for path in files:
        problem = run(path, environment)
        failed += problem is not None
        print(f"{'FAILED' if problem else 'ok':7} {path.name}" + (f": {problem}" if problem else ""))
    print(f"{len(files) - failed} passed, {failed} failed")
    return 1 if failed or not files else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Runs the built `traceledger` as its users do: every command, each exit code, the JSON keys, a table of bad input,
and a ledger read over HTTP from a static file server. usage: commands.py BINARIES"""

import fcntl
import hashlib
import http.server
import json
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile
import threading

GLN = "9521101000009"
EVENT = {
    "type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00.000+08:00", "eventTimeZoneOffset": "+08:00",
    "action": "OBSERVE", "bizStep": "shipping", "epcList": ["urn:epc:id:sgtin:9521101.053001.1"],
}
passed, failed = 0, 0


def check(name, condition, detail=""):
    global passed, failed
    passed, failed = passed + bool(condition), failed + (not condition)
    if not condition:
        print(f"FAILED {name}: {detail}")


class Result:
    def __init__(self, arguments, completed):
        self.arguments = " ".join(map(str, arguments))
        self.code, self.out = completed.returncode, completed.stdout
        self.text, self.error = completed.stdout.decode(errors="replace"), completed.stderr.decode()
        self.lines = [line.split("\t") for line in self.text.splitlines()]

    def json(self):
        return json.loads(self.out)


class User:
    """Somebody with a shell in a fresh directory."""

    def __init__(self, binaries, directory):
        self.program = str(pathlib.Path(binaries).resolve() / "traceledger")
        self.home = pathlib.Path(directory)
        self.environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8"}
        if "LD_LIBRARY_PATH" in os.environ:
            self.environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]

    def run(self, *arguments, code=0, says=None, stdin=b"", silent=False):
        """Runs the program; checks the exit code, and that an error is one line that says `says`."""
        arguments = [str(argument) for argument in arguments]
        completed = subprocess.run([self.program, *arguments], cwd=self.home, env=self.environment, input=stdin,
                                   capture_output=True, timeout=60)
        result = Result(arguments, completed)
        check(f"exit {code} of {result.arguments}", result.code == code, f"exit {result.code}: {result.error}")
        if code and not silent:
            lines = result.error.splitlines()
            check(f"one line of error from {result.arguments}", bool(lines) and lines[-1].startswith("traceledger: "),
                  result.error)
            check(f"no Swift dump from {result.arguments}", not re.search(r"\w+\(\w+: ", result.error), result.error)
        if says is not None:
            check(f"{result.arguments} says {says!r}", says in result.error, result.error)
        return result

    def write(self, name, content):
        path = self.home / name
        if isinstance(content, (dict, list)):
            content = json.dumps(content, indent=1)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def signing(self, key="farm.pem"):
        return ["--signer", key, "--issuer", GLN]


def document(*events):
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "EPCISDocument",
        "schemaVersion": "2.0", "creationDate": "2026-03-01T09:00:00Z", "epcisBody": {"eventList": list(events)},
    }


def event(number, **changes):
    return {**EVENT, "epcList": [f"urn:epc:id:sgtin:9521101.053001.{number}"], **changes}


def keys_and_ledger(user):
    user.run("--version")
    for command in [[], *([name] for name in "key init append sign submit checkpoint prove consistency verify inspect "
                          "export fsck mirror event demo".split())]:
        text = user.run(*command, "--help").text
        check(f"--help of {command} has an example", "Example" in text or command in (["key"], ["event"]), text)
    made = user.run("key", "generate", "ledger.pem", "--json").json()
    check("key generate --json", set(made) == {"file", "kid", "publicKey"}, made)
    mode = (user.home / "ledger.pem").stat().st_mode & 0o777
    check("a key file has mode 0600", mode == 0o600, oct(mode))
    user.run("key", "generate", "ledger.pem", code=2, says="overwritten")
    for name in ["farm.pem", "line.pem", "other.pem"]:
        user.run("key", "generate", name)
    (user.home / "farm.pub").write_bytes(user.run("key", "show", "farm.pem").out)
    shown = user.run("key", "show", "farm.pem", "--json", "--name", "a/b").json()
    check("key show --json", set(shown) == {"file", "kid", "publicKey", "pem", "cose", "vkey"}, shown)
    check("key show of a public key is the same", user.run("key", "show", "farm.pub").out
          == user.run("key", "show", "farm.pem").out)
    check("key show --format hex", user.run("key", "show", "farm.pem", "--format", "hex").text.strip()
          == shown["publicKey"])
    check("key show --format kid", user.run("key", "show", "farm.pem", "--format", "kid").text.strip() == shown["kid"])
    check("key show --format vkey", user.run("key", "show", "farm.pem", "--format", "vkey", "--name", "a/b").text.strip()
          == shown["vkey"])
    check("key show --format cose", user.run("key", "show", "farm.pem", "--format", "cose").out.hex() == shown["cose"])
    user.run("key", "show", "farm.pem", "--format", "vkey", code=2, says="--name")

    made = user.run("init", "L", "--origin", "example.com/farm", "--key", "ledger.pem", "--json",
                    says="rollback").json()
    check("init --json", {"directory", "origin", "vkey", "genesis", "size"} <= set(made), made)
    user.run("init", "L", "--origin", "example.com/farm", "--key", "ledger.pem", code=2, says="not empty")
    user.run("init", "M", "--origin", "with space", "--key", "ledger.pem", code=2, says="space")
    user.run("init", "M", "--origin", "example.com/m", "--key", "absent.pem", code=2, says="--key")
    user.run("prove", "L", "--index", 0, code=2, says="RFC 9942")
    user.run("prove", "L", "--index", 0, "--format", "tlog-proof", "-o", "genesis.tlog-proof")
    return made


def appending(user):
    user.write("one.json", document(event(1, eventID="urn:uuid:00000000-0000-4000-8000-000000000001"), event(2)))
    user.write("two.json", [event(3), event(3), event(4)])
    first = user.run("append", "L", "one.json", *user.signing())
    check("a line an event", [line[0] for line in first.lines] == ["1", "2"]
          and all(re.fullmatch("[0-9a-f]{64}", line[1]) for line in first.lines), first.text)
    hashes = [line[0] for line in user.run("event", "hash", "one.json").lines]
    check("the event ID or the hash", [line[2] for line in first.lines]
          == ["urn:uuid:00000000-0000-4000-8000-000000000001", hashes[1]], first.text)
    for identifier, index in [(hashes[1], 2), (hashes[0], 1), (first.lines[0][2], 1)]:
        user.run("prove", "L", "--event-id", identifier, "-o", "found.cose")
        user.run("prove", "L", "--event-id", identifier, "--index", index, "-o", "found.cose")
    again = user.run("append", "L", "one.json", *user.signing())
    check("appending again shows what stands", again.out == first.out, again.text)
    second = user.run("append", "L", "two.json", *user.signing(), "--json").json()
    check("append --json", [set(entry) == {"index", "leafHash", "eventID", "duplicate"} for entry in second], second)
    check("append --json has the hash", second[0]["eventID"] == second[1]["eventID"]
          == user.run("event", "hash", "two.json").lines[0][0], second)
    check("an event twice in one document is one entry", [(entry["index"], entry["duplicate"]) for entry in second]
          == [(3, False), (3, True), (4, False)], second)
    double = user.run("append", "L", "two.json", *user.signing(), "--allow-duplicate")
    check("--allow-duplicate", [line[0] for line in double.lines] == ["5", "6", "7"], double.text)
    piped = user.run("append", "L", "-", *user.signing(), "--validate", "warn", stdin=json.dumps(event(9)).encode())
    check("standard input", piped.lines[0][0] == "8", piped.text)
    mixed = user.write("bad.json", document(event(20), event(21, action="LOOK")))
    result = user.run("append", "L", "two.json", mixed, "one.json", *user.signing(), code=1, says="event 2, line ")
    check("documents before a bad one are printed", [line[0] for line in result.lines] == ["3", "3", "4"], result.text)
    check("a bad event names pointer and field", "(/epcisBody/eventList/1/action)" in result.error, result.error)
    check("nothing of a bad document is appended", size(user) == 9)
    partial = user.run("append", "L", "two.json", mixed, *user.signing(), "--json", code=1).json()
    check("--json is one document also before an error", len(partial) == 3, partial)


def hashing(user):
    text = json.dumps(document(event(1), event(2, **{"ex:hash": "x"})))
    plain = user.run("event", "hash", "-", stdin=text.encode(), says="no context declares")
    check("event hash prints a line an event", [line[1:] for line in plain.lines]
          == [["standard input", "1"], ["standard input", "2"]]
          and all(re.fullmatch(r"ni:///sha-256;[0-9a-f]{64}\?ver=CBV2\.0", line[0]) for line in plain.lines), plain.text)
    texts = user.run("event", "hash", "-", "--prehash", stdin=text.encode(), says="ex:hash").lines
    check("event hash --prehash", [f"ni:///sha-256;{hashlib.sha256(line[0].encode()).hexdigest()}?ver=CBV2.0"
                                   for line in texts] == [line[0] for line in plain.lines], texts)
    ignored = user.run("event", "hash", "-", "--ignore", "ex:hash", stdin=text.encode())
    whole = user.run("event", "hash", "-", stdin=json.dumps(document(event(1), event(2))).encode())
    check("event hash --ignore", ignored.out == whole.out, ignored.text)
    found = user.run("event", "hash", "-", "--json", "--prehash", stdin=text.encode()).json()
    check("event hash --json", [set(entry) for entry in found]
          == [{"file", "event", "hash", "ambiguities", "preHash"}] * 2
          and [entry["hash"] for entry in found] == [line[0] for line in plain.lines], found)
    check("event hash --json tells what differs", [item["code"] for item in found[1]["ambiguities"]]
          == ["undeclared-prefix"], found)
    user.run("event", "hash", "-", "--ignore", "nosuch", stdin=text.encode(), code=2, says="--ignore nosuch")
    user.run("event", "hash", "-", "--ignore", "ex:nosuch", "--ignore", "ilmd", stdin=text.encode(), says="--ignore ex:nosuch")
    user.run("event", "hash", "absent.json", code=2, says="absent.json")
    user.run("event", "hash", "-", stdin=b"{", code=2, says="line 1")
    user.run("event", "hash", "-", stdin=json.dumps([event(1), event(2, action="LOOK")]).encode(), code=1,
             says="event 2, line 1")
    user.run("event", "hash", code=2, says="files")


def validating(user):
    """What is wrong is found before it is signed, with the place; the ledger's own events count."""
    user.write("good.json", document(event(60)))
    user.run("event", "validate", "good.json", "--now", "2026-03-02T00:00:00Z")
    user.write("wrong.json", document(event(61, bizStep="shiping"), event(62, epcList=["https://id.gs1.org/01/09521101530017/21/1"])))
    found = user.run("event", "validate", "wrong.json", "--now", "2026-03-02T00:00:00Z", code=1, silent=True)
    check("event validate: a line a problem", [line[0].split(": ")[1] for line in found.lines]
          == ["error structure.term-unknown", "error identifiers.gs1-malformed"], found.text)
    check("event validate: place and remedy", "wrong.json, event 1, line " in found.text
          and '(/epcisBody/eventList/0/bizStep)' in found.text and 'write "shipping"' in found.text, found.text)
    report = user.run("event", "validate", "wrong.json", "good.json", "--json", code=1, silent=True).json()
    check("event validate --json", [(entry["file"], entry["events"], entry["errors"]) for entry in report]
          == [("wrong.json", 2, 2), ("good.json", 1, 0)], report)
    check("event validate --json problems", set(report[0]["problems"][0])
          == {"event", "line", "column", "pointer", "code", "severity", "problem", "remedy"}, report)
    user.run("event", "validate", "wrong.json", "--rule", "structure.term-unknown=warning", "--rule", "identifiers=off")
    user.run("event", "validate", "wrong.json", "--rule", "structure.absent=off", code=2, says="Docs/Validation.md")
    user.run("event", "validate", "wrong.json", "--rule", "structure.term-unknown", code=2, says="CODE=off")
    user.run("event", "validate", "good.json", "--now", "today", code=2, says="--now")
    user.run("event", "validate", "broken.json", code=2, says="broken.json, line 1")
    user.run("event", "validate", "missing.json", code=1, silent=True)
    user.run("event", "validate", "absent.json", code=2, says="absent.json")

    before = size(user)
    user.run("append", "L", "wrong.json", *user.signing(), code=1, says="error structure.term-unknown")
    user.run("append", "L", "wrong.json", *user.signing(), code=1, says="refused for 2 errors")
    check("append --validate strict appends nothing of it", size(user) == before)
    user.run("append", "L", "wrong.json", *user.signing(), "--validate", "warn", says="warning: wrong.json, event 1")
    check("append --validate warn appends", size(user) == before + 2)
    user.write("lot.json", document(event(64, epcList=["https://id.gs1.org/01/09521101530018/10/L1"])))
    said = user.run("append", "L", "lot.json", *user.signing(), says="warning identifiers.class-in-epc-list")
    check("a warning says so once", said.error.count("warning") == 1, said.error)
    user.write("made.json", document(event(63, action="ADD", bizStep="commissioning")))
    user.write("again.json", document(event(63, action="ADD", eventTime="2026-03-01T09:00:00.000+08:00")))
    user.run("event", "validate", "again.json")
    user.run("append", "L", "made.json", *user.signing())
    user.run("append", "L", "made.json", *user.signing())
    user.run("append", "L", "again.json", *user.signing(), code=1, says="sense.commissioned-twice")
    user.run("event", "validate", "again.json", "--ledger", "L", code=1, silent=True)
    user.run("append", "L", "again.json", *user.signing(), "--rule", "sense.commissioned-twice=off")
    user.run("append", "L", user.write("again.json", document(event(63, action="ADD"))), *user.signing(),
             "--validate", "off")


def size(user):
    return user.run("checkpoint", "L", "--json").json()["size"]


def bad_input(user):
    signing = user.signing()
    user.write("broken.json", '{"type": "ObjectEvent",')
    user.write("missing.json", {key: value for key, value in EVENT.items() if key != "eventTimeZoneOffset"})
    user.write("nobody.json", {"type": "EPCISDocument"})
    deep = {"ex:a": 1}
    for _ in range(30):
        deep = {"ex:a": deep}
    user.write("deep.json", [event(1), event(30, **deep)])
    user.write("long.json", event(31, **{"ex:text": "x" * 70_000}))
    user.write("garbage.bin", bytes(range(256)))
    user.write("open.pem", (user.home / "farm.pem").read_bytes())
    (user.home / "open.pem").chmod(0o644)
    table = [
        (["append", "L", "broken.json", *signing], 2, "broken.json, line 1"),
        (["append", "L", "missing.json", *signing], 1, "eventTimeZoneOffset"),
        (["append", "L", "missing.json", *signing], 1, "missing.json, event 1, line 1"),
        (["append", "L", "nobody.json", *signing], 1, "epcisBody"),
        (["append", "L", "deep.json", *signing], 1, "event 2"),
        (["append", "L", "long.json", *signing], 1, "65535"),
        (["append", "L", "garbage.bin", *signing], 2, "garbage.bin"),
        (["append", "L", "absent.json", *signing], 2, "absent.json"),
        (["append", "L", "L", *signing], 2, "directory"),
        (["append", "L", "table.csv", *signing], 2, "--mapping"),
        (["append", "L", "one.json", "--signer", "absent.pem", "--issuer", GLN], 2, "--signer"),
        (["append", "L", "one.json", "--signer", "one.json", "--issuer", GLN], 2, "--signer"),
        (["append", "L", "one.json", "--signer", "ledger.pem", "--issuer", GLN], 2, "ledger's own key"),
        (["append", "L", "one.json", "--signer", "farm.pem", "--issuer", "9521101000008"], 2, "check digit"),
        (["append", "L", "one.json", "--signer", "farm.pem", "--issuer", "me"], 2, "GLN"),
        (["append", "L", "one.json", *signing, "--key", "other.pem"], 2, "--key"),
        (["append", "L", "one.json", *signing, "--key", "absent.pem"], 2, "--key"),
        (["append", "absent", "one.json", *signing], 2, "init"),
        (["append", "http://127.0.0.1:1/", "one.json", *signing], 2, "tracenode"),
        (["append", "L", "one.json", *signing, "--validate", "maybe"], 2, "validate"),
        (["append", "L", "one.json"], 2, "--signer"),
        (["append", "L", "one.json", *signing, "--unknown"], 2, "--unknown"),
        (["append", "L", *signing], 2, "inputs"),
        (["append", "L", "-march.json", *signing], 2, "./-march.json"),
        (["unknown"], 2, "unknown"),
        (["prove", "L"], 2, "--index"),
        (["prove", "L", "--index", "99"], 2, "99"),
        (["prove", "L", "--index", "-1"], 2, "index"),
        (["prove", "L", "--index", "1", "--size", "77"], 2, "77"),
        (["prove", "L", "--event-id", "urn:absent"], 2, "urn:absent"),
        (["prove", "L", "--index", "1", "--log-key", "nonsense"], 2, "name+hash+base64"),
        (["consistency", "L", "--from", "0"], 2, "--from"),
        (["consistency", "L", "--from", "99"], 2, "--from"),
        (["export", "L", "--to", "99"], 2, "--to"),
        (["export", "L", "--from", "3", "--to", "2"], 2, "--from"),
        (["verify", "absent.cose"], 2, "absent.cose"),
        (["verify", "one.json"], 2, "one.json"),
        (["verify", "garbage.bin"], 2, "garbage.bin"),
        (["inspect", "garbage.bin"], 2, "byte "),
        (["fsck", "absent"], 2, "init"),
        (["checkpoint", "absent"], 2, "init"),
        (["fsck", "L", "--depth", "bottom"], 2, "depth"),
        (["submit", "L", "one.json"], 2, "statement 1"),
        (["submit", "http://127.0.0.1:1/", "one.json"], 2, "statement 1"),
        (["submit", "L", "one.json", "--token", "t"], 2, "--token"),
        (["key", "show", "farm.pem", "--cosigner"], 2, "--name"),
        (["sign", "one.json", *signing, "--chain", "c", "--genesis", "ff", "-o", "x"], 2, "64 lower-case"),
        (["sign", "one.json", *signing, "--chain", "c", "-o", "x"], 2, "--genesis"),
        (["fsck", "http://127.0.0.1:1/"], 3, "127.0.0.1"),
        (["prove", "L", "--index", "1", "-o", "absent/x"], 3, "absent/x"),
        (["export", "L", "-o", "L"], 2, "directory"),
        (["key", "generate", "absent/key.pem"], 3, "absent/key.pem"),
        (["key", "show", "farm.pem", "-o", "./farm.pem"], 2, "-o FILE"),
        (["sign", "one.json", *signing, "--chain", "c", "--genesis", "0" * 64, "-o", "farm.pem"], 2, "-o FILE"),
        (["sign", "one.json", *signing, "--chain", "c", "--genesis", "0" * 64, "-o", "one.json"], 2, "-o FILE"),
    ]
    before = size(user)
    for arguments, code, says in table:
        user.run(*arguments, code=code, says=says)
    check("bad input appended nothing", size(user) == before)
    user.run("append", "L", "one.json", "--signer", "open.pem", "--issuer", GLN, says="chmod 600")
    with open(user.home / "L/state/lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        user.run("append", "L", "one.json", *signing, code=3, says="another writer")
        user.run("checkpoint", "L", says="another process")


def offline(user, genesis):
    user.write("offline.json", [event(40, eventID="urn:x:40"), event(41)])
    signing = user.signing("line.pem")
    common = ["sign", "offline.json", *signing, "--chain", "line.chain"]
    entries = user.run(*common, "--genesis", genesis, "-o", "batch.cbor", "--json").json()
    check("sign --json", [entry["sequence"] for entry in entries] == [0, 1]
          and set(entries[0]) == {"sequence", "leafHash", "eventID"}, entries)
    user.run("sign", "offline.json", *user.signing(), "--chain", "line.chain", "-o", "x", code=2, says="chain of the key")
    user.run(*common, "--genesis", "00" * 32, "-o", "x", code=2, says="genesis")
    batch = (user.home / "batch.cbor").read_bytes()
    user.write("cut.cbor", batch[:-3])
    user.write("empty.cbor", b"")
    user.run("submit", "L", "cut.cbor", code=2, says="statement 2")
    user.run("submit", "http://127.0.0.1:1/farm", "batch.cbor", code=3, says="127.0.0.1:1/farm/add")
    user.run("submit", "L", "empty.cbor", code=2, says="no statement")
    before = size(user)
    lines = user.run("submit", "L", "batch.cbor").lines
    check("submit appends", [(line[0], line[2]) for line in lines] == [
        (str(before), "urn:x:40"), (str(before + 1), user.run("event", "hash", "offline.json").lines[1][0])],
          lines)
    again = user.run("submit", "L", "-", "--json", stdin=batch).json()
    check("submit again shows what stands", [(entry["index"], entry["duplicate"]) for entry in again]
          == [(before, True), (before + 1, True)], again)
    # A lost batch is a gap, until the signer asks the ledger where its chain goes on.
    user.write("offline.json", [event(42)])
    user.run(*common, "-o", "lost.cbor")
    user.write("offline.json", [event(43)])
    user.run(*common, "-o", "late.cbor")
    user.run("submit", "L", "late.cbor", code=1, says="gap")
    user.run(*common, "--rechain", "L", "-o", "late.cbor")
    user.run("submit", "L", "late.cbor")
    user.run("submit", "L", "lost.cbor", code=1, says="taken")
    forged = bytearray((user.home / "late.cbor").read_bytes())
    forged[-1] ^= 1
    user.write("forged.cbor", bytes(forged))
    check("another signature on what stands is a duplicate", user.run("submit", "L", "forged.cbor", "--json").json()[0][
        "duplicate"])
    user.write("offline.json", [event(44)])
    user.run(*common, "-o", "next.cbor")
    forged = bytearray((user.home / "next.cbor").read_bytes())
    forged[-1] ^= 1
    user.write("forged.cbor", bytes(forged))
    user.run("submit", "L", "forged.cbor", code=1, says="signature")


def proving(user, vkey):
    trust = ["--log-key", vkey, "--issuer-key", f"{GLN}=farm.pub"]
    old = user.run("checkpoint", "L").out
    old_size = int(old.splitlines()[1])
    user.write("old.checkpoint", old)
    user.write("more.json", event(60))
    user.run("append", "L", "more.json", *user.signing())
    for form in ["statement", "receipt", "tlog-proof"]:
        user.run("prove", "L", "--index", 2, "--format", form, "-o", f"2.{form}", "--log-key", vkey)
    for at in [old_size, None]:
        extra = ["--size", at] if at else []
        user.run("prove", "L", "--index", 1, *extra, "-o", "1.cose")
        user.run("verify", "1.cose", *trust)
    report = user.run("verify", "2.statement", *trust, "--json").json()
    check("verify --json", {"file", "type", "verdict", "exit", "steps", "unchecked"} <= set(report)
          and all(set(step) == {"name", "ok", "detail"} for step in report["steps"]), report)
    check("the verdict", (report["verdict"], report["exit"]) == ("issuedAndLogged", 0), report)
    several = user.run("verify", "2.statement", "2.tlog-proof", *trust, "--json").json()
    check("verify --json of several files is an array", len(several) == 2, several)
    user.run("verify", "2.receipt", "--statement", "2.statement", *trust)
    user.run("verify", "2.receipt", *trust, code=2, silent=True)
    user.run("verify", "2.statement", code=2, silent=True)
    user.run("verify", "2.statement", "--log-key", vkey, "--issuer-key", "absent.pem", code=2, says="--issuer-key")
    user.run("verify", "old.checkpoint", "--log-key", vkey)
    policy = user.write("policy", f"log {vkey}\nquorum none\n")
    user.run("verify", "2.tlog-proof", "--policy", policy, "--issuer-key", "farm.pub")
    user.run("consistency", "L", "--from", old_size, "-o", "grown.cose")
    user.run("verify", "grown.cose", "--old-checkpoint", "old.checkpoint", "--log-key", vkey)
    user.run("verify", "grown.cose", "--log-key", vkey, code=2, silent=True)
    # One bit of the signature: forged, whatever the format.
    statement = bytearray((user.home / "2.statement").read_bytes())
    statement[-1] ^= 1
    user.write("forged.cose", bytes(statement))
    check("a forged signature", user.run("verify", "forged.cose", *trust, "--json", code=1, silent=True).json()["verdict"]
          == "forged")
    note = (user.home / "old.checkpoint").read_text().splitlines()
    note[1] = str(int(note[1]) + 1)
    user.write("forged.checkpoint", "\n".join(note) + "\n")
    user.run("verify", "forged.checkpoint", "--log-key", vkey, code=1, silent=True)
    user.write("cut.cose", (user.home / "2.statement").read_bytes()[:-1])
    user.run("verify", "cut.cose", "forged.cose", *trust, code=1, says="cut.cose")
    beside = user.run("verify", "cut.cose", "2.statement", *trust, "--json", code=2, says="cut.cose").json()
    check("an unreadable file does not hide the others", [report["exit"] for report in beside] == [0], beside)
    user.run("verify", "cut.cose", *trust, code=2, says="cut.cose")

    user.run("prove", "L", "--event-id", "urn:uuid:00000000-0000-4000-8000-000000000001", "-o", "by-id.cose")
    user.run("verify", "by-id.cose", *trust)
    user.run("prove", "L", "--subject", "urn:epc:id:sgtin:9521101.053001.1", "--format", "statement", "-o", "by-urn.cose")
    check("a URN and an element string find the same", user.run("prove", "L", "--subject", "(01)09521101530018(21)1", "--format", "statement").out
          == (user.home / "by-urn.cose").read_bytes())
    several = user.run("prove", "L", "--subject", "urn:epc:id:sgtin:9521101.053001.3", "--format", "statement", code=2, says="--index")
    check("several entries are listed", "entry 3: " in several.error and "entry 5: " in several.error, several.error)
    user.run("prove", "L", "--subject", "urn:epc:id:sgtin:9521101.053001.3", "--index", 5, "-o", "5.cose")
    (user.home / "proofs").mkdir()
    user.run("prove", "L", "--subject", "urn:epc:id:sgtin:9521101.053001.3", "--format", "tlog-proof", "-o", "proofs")
    check("a proof a file in a directory", {path.name for path in (user.home / "proofs").iterdir()}
          >= {"3.tlog-proof", "5.tlog-proof"})
    wrong = user.run("key", "show", "other.pem", "--format", "vkey", "--name", "example.com/farm").text.strip()
    user.run("prove", "L", "--index", 1, "--log-key", wrong, code=1, says="did not sign")


def inspecting(user):
    expected = {
        "2.statement": "transparent statement", "2.receipt": "receipt", "2.tlog-proof": "tlog-proof",
        "grown.cose": "consistency receipt", "old.checkpoint": "checkpoint", "L/checkpoint": "checkpoint",
        "L/checkpoint.cose": "root signature", "policy": "policy", "farm.pub": "public key", "L/ledger.json": "ledger.json",
        "farm.pem": "private key (not shown)", "batch.cbor": "CBOR sequence", "next.cbor": "statement",
        "one.json": "JSON", "line.chain": "CBOR",
    }
    tiles = {str(path.relative_to(user.home)): "tile" for path in (user.home / "L/tile/0").rglob("*") if path.is_file()}
    bundles = {str(path.relative_to(user.home)): "entry bundle"
               for path in (user.home / "L/tile/entries").rglob("*") if path.is_file()}
    for name, kind in {**expected, **tiles, **bundles}.items():
        found = user.run("inspect", name, "--json").json()
        check(f"inspect {name}", found["type"] == kind, found)
        check(f"inspect {name} as text", user.run("inspect", name).text.startswith(f"type  {kind}\n"))
    inside = user.run("inspect", "2.statement", "--json").json()
    check("an event is shown as EPCIS JSON", inside["event"]["type"] == "ObjectEvent" and inside["diagnostic"].startswith(
        "18("), inside)
    secret = "".join((user.home / "farm.pem").read_text().splitlines()[1:-1])
    check("a private key is not shown", secret not in user.run("inspect", "farm.pem").text)
    user.write("evil.json", document(event(61, **{"ex:name": "\u001b[2Jgone\u202e"})))
    user.run("append", "L", "evil.json", *user.signing())
    user.run("prove", "L", "--subject", "urn:epc:id:sgtin:9521101.053001.61", "--format", "statement", "-o", "evil.cose")
    check("inspect does not steer the terminal", b"\x1b" not in user.run("inspect", "evil.cose").out)


def exporting(user):
    exported = user.run("export", "L", says="left out").json()
    check("export is one EPCISDocument", exported["type"] == "EPCISDocument" and len(exported["epcisBody"]["eventList"])
          == size(user) - 1)
    check("an export is reproducible", user.run("export", "L").out == user.run("export", "L").out)
    first = user.run("export", "L", "--from", 1, "--to", 2).json()["epcisBody"]["eventList"]
    wanted = json.loads((user.home / "one.json").read_text())["epcisBody"]["eventList"][:1]
    check("an event comes out as it went in", first == wanted, first)
    rows = user.run("export", "L", "--format", "csv").text.split("\r\n")
    check("csv has a line an entry", len(rows) == size(user) + 2 and rows[0].startswith("index,leafHash,signer,issuer"), rows)
    user.run("export", "L", "--format", "statements", "-o", "all.cbor")
    user.run("verify", "all.cbor", "--issuer-key", "farm.pub", code=2, silent=True)
    user.run("init", "Copy", "--origin", "example.com/copy", "--key", "other.pem")
    user.run("submit", "Copy", "all.cbor", code=1, says="statement 1")
    user.run("append", "Copy", "one.json", *user.signing())


def checking(user, vkey):
    report = user.run("fsck", "L", "--json", says="ledger.json").json()
    check("fsck --json", set(report) == {"size", "root", "depth", "errors"} and report["errors"] == [], report)
    for depth in ["tree", "chains", "statements"]:
        check("a sound ledger", "sound" in user.run("fsck", "L", "--depth", depth, "--log-key", vkey).text)
    bundle = max((user.home / "L/tile/entries").rglob("*"), key=lambda path: path.is_file() and path.stat().st_size)
    stored = bundle.read_bytes()
    bundle.write_bytes(stored[:-1] + bytes([stored[-1] ^ 1]))
    for depth in ["tree", "chains", "statements"]:
        report = user.run("fsck", "L", "--depth", depth, "--json", code=1, says="found to be wrong").json()
        check("fsck names file and entry", report["errors"] and set(report["errors"][0]) == {"file", "index", "reason"}
              and report["errors"][0]["file"].startswith("tile/entries/"), report)
    user.run("export", "L", "--format", "statements", "-o", "x", code=1, says="leaf hash")
    for damaged in [stored[:-1], b""]:
        bundle.write_bytes(damaged)
        user.run("prove", "L", "--index", 1, "-o", "x", code=1, says="tile/entries/")
        user.run("export", "L", "-o", "x", code=1, says="tile/entries/")
    bundle.unlink()
    user.run("prove", "L", "--index", 1, "-o", "x", code=1, says="missing")
    bundle.write_bytes(stored)
    check("sound again", user.run("fsck", "L").code == 0)


def on_a_terminal(user):
    """The same program with its standard streams on a terminal: colour, and no binary data."""
    def run(*arguments, **changes):
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(user.home)
            os.execve(user.program, [user.program, *arguments], {**user.environment, "TERM": "xterm", **changes})
        shown = b""
        try:
            while chunk := os.read(terminal, 65536):
                shown += chunk
        except OSError:
            pass
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode(errors="replace")

    code, shown = run("prove", "L", "--index", "1")
    check("binary does not go to a terminal", code == 2 and "-o FILE" in shown, shown)
    code, shown = run("prove", "L", "--index", "1", "-o", "-")
    check("unless -o - says so", code == 0, shown)
    code, shown = run("fsck", "L")
    check("colour on a terminal", code == 0 and "\x1b[32m" in shown, shown)
    code, shown = run("fsck", "L", NO_COLOR="1")
    check("no colour with NO_COLOR", code == 0 and "\x1b" not in shown, shown)


class Server(http.server.SimpleHTTPRequestHandler):
    """A static file server, with the misbehaviours of others under /wrong."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path.startswith("/wrong/error"):
            return self.send_error(500)
        if self.path.startswith("/wrong/endless"):
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                return None
        return super().do_GET()


def over_http(user, vkey):
    def handler(*arguments):
        return Server(*arguments, directory=str(user.home))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"http://127.0.0.1:{server.server_port}"
    url = f"{host}/L"
    check("a checkpoint over HTTP", user.run("checkpoint", url, says="--log-key").out == user.run("checkpoint", "L").out)
    user.run("fsck", url + "/", "--log-key", vkey)
    for form in ["statement", "receipt", "tlog-proof"]:
        there = user.run("prove", url, "--index", 2, "--format", form, "--log-key", vkey).out
        check(f"a {form} over HTTP", there == user.run("prove", "L", "--index", 2, "--format", form).out)
    check("export over HTTP", user.run("export", url).out == user.run("export", "L").out)
    user.run("consistency", url, "--from", 2, code=2 if not (user.home / "L/checkpoints/2").exists() else 0)
    user.run("checkpoint", f"{host}/absent", code=2, says="ledger.json")
    user.run("checkpoint", f"{host}/wrong/error", code=3, says="500")
    user.run("checkpoint", f"{host}/wrong/endless", code=1, says="more than")
    user.run("checkpoint", "ftp://127.0.0.1/L", code=2)
    user.run("checkpoint", f"{host}/L?x=1", code=2, says="URL")
    server.shutdown()
    server.server_close()
    user.run("checkpoint", url, code=3)


def main(binaries):
    with tempfile.TemporaryDirectory() as directory:
        user = User(binaries, directory)
        made = keys_and_ledger(user)
        appending(user)
        hashing(user)
        bad_input(user)
        offline(user, made["genesis"])
        proving(user, made["vkey"])
        inspecting(user)
        exporting(user)
        checking(user, made["vkey"])
        on_a_terminal(user)
        over_http(user, made["vkey"])
        validating(user)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

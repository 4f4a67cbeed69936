"""The ledgers that all sections look at, made by the program once."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import program
from formats import keys, notes, statement, tree
from formats.identifiers import check_digit
from formats.payload import Number
from harness import event, eventually
from report import Skipped, equal

GENERATED = 600


def gln(number: int) -> str:
    digits = f"069{number:09}"
    return digits + check_digit(digits)


def read_json(text: str | bytes):
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=Number)


def events_of(document) -> list[dict]:
    """The events of a document, query document, bare event or list."""
    if isinstance(document, list):
        return document
    body = document.get("epcisBody")
    if body is None:
        return [document]
    if "queryResults" in body:
        body = body["queryResults"]["resultsBody"]
    return body["eventList"] if "eventList" in body else [body["event"]]


@dataclass(eq=False)
class Ledger:
    """A ledger directory, read by our own code."""

    path: Path
    origin: str
    key: Path
    inputs: list[Path] = field(default_factory=list)
    issuer_keys: list[Path] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    checkpoints: list[bytes] = field(default_factory=list)

    def append(self, files: list[Path], signer: Path, issuer: str) -> None:
        output = program.run(
            "append",
            self.path,
            *files,
            "--signer",
            signer,
            "--issuer",
            issuer,
            "--validate",
            "off",
            "--allow-duplicate",
        )
        self.lines += [line.split("\t") for line in output.decode().splitlines()]
        self.inputs += files
        if signer not in self.issuer_keys:
            self.issuer_keys.append(signer)
        self.checkpoints.append((self.path / "checkpoint").read_bytes())

    @property
    def public(self) -> bytes:
        return keys.public_bytes(keys.load_private(self.key))

    @property
    def vkey(self) -> str:
        return keys.vkey(self.origin, self.public)

    @property
    def checkpoint(self) -> notes.Checkpoint:
        return notes.Checkpoint.read((self.path / "checkpoint").read_bytes())

    @property
    def entries(self) -> list[bytes]:
        """All entries below the checkpoint's size, from the bundles."""
        return self._read((self.path / "checkpoint").read_bytes())[0]

    @cache
    def _read(self, note: bytes) -> tuple[list[bytes], list[bytes], list[statement.Statement]]:
        size, entries = notes.Checkpoint.read(note).size, []
        for start in range(0, size, 256):
            width = min(256, size - start)
            partial = self.path / tree.tile_path("entries", start // 256, width)
            file = partial if partial.exists() else self.path / tree.tile_path("entries", start // 256)
            entries += tree.read_bundle(file.read_bytes())[:width]
        equal(len(entries), size, "entries in the bundles")
        return entries, [tree.leaf_hash(entry) for entry in entries], list(map(statement.Statement.read, entries))

    @property
    def leaves(self) -> list[bytes]:
        return self._read((self.path / "checkpoint").read_bytes())[1]

    @property
    def statements(self) -> list[statement.Statement]:
        return self._read((self.path / "checkpoint").read_bytes())[2]

    @property
    def events(self) -> list[dict]:
        """The events that went in, in their order."""
        return [event for file in self.inputs for event in events_of(read_json(file.read_text()))]

    @property
    def sizes(self) -> list[int]:
        """The sizes published after each append."""
        return [notes.Checkpoint.read(note).size for note in self.checkpoints]

    def trust(self) -> list:
        """Options that make the program trust this ledger and its signers."""
        return [
            "--log-key",
            self.vkey,
            *(option for key in self.issuer_keys for option in ("--issuer-key", public(key))),
        ]


def public(key: Path) -> Path:
    """The public half of a key file, beside it."""
    file = key.with_suffix(".pub.pem")
    if not file.exists():
        file.write_bytes(keys.public_pem(keys.public_bytes(keys.load_private(key))))
    return file


class World:
    def __init__(self, directory: Path, site):
        self.directory, self.site = directory, site

    def new_key(self, name: str) -> Path:
        path = self.directory / f"{name}.pem"
        if not path.exists():
            program.run("key", "generate", path)
        return path

    def new_ledger(self, name: str) -> Ledger:
        origin = f"interop.example/{name}"
        ledger = Ledger(self.directory / name, origin, self.new_key(f"{name}-ledger"))
        if ledger.path.exists():
            raise AssertionError(f"the ledger {name} could not be made: the first check that needs it says why")
        program.run("init", ledger.path, "--origin", origin, "--key", ledger.key)
        return ledger

    def public_bytes(self, name: str) -> bytes:
        return keys.public_bytes(keys.load_private(self.new_key(name)))

    def public(self, name: str) -> Path:
        """The public half of the key of this name."""
        return public(self.new_key(name))

    @cached_property
    def examples(self) -> Ledger:
        """The documents of Docs/Examples, one signer a folder; without them three small documents."""
        ledger = self.new_ledger("examples")
        folders = sorted((program.ROOT / "Docs" / "Examples").glob("[0-9]*/"))
        files = [sorted(folder.glob("*.json")) for folder in folders] or [
            [self.document(f"small-{index}", 3, index)] for index in range(3)
        ]
        for number, group in enumerate(files):
            ledger.append(group, self.new_key(f"signer-{number}"), gln(number))
        return ledger

    @cached_property
    def large(self) -> Ledger:
        """Full tiles on two levels: two signers, three checkpoints."""
        ledger = self.new_ledger("large")
        for number, count in enumerate((GENERATED - 320, 300, 20)):
            file = self.document(f"large-{number}", count, number)
            ledger.append([file], self.new_key(f"signer-{number % 2}"), gln(number % 2))
        return ledger

    @cached_property
    def submitted(self) -> Ledger:
        """A ledger of its own for statements that are made here."""
        ledger = self.new_ledger("submitted")
        ledger.append([self.document("submitted-first", 3, 9)], self.new_key("signer-0"), gln(0))
        return ledger

    @cached_property
    def public_examples(self) -> Ledger:
        """Every public example document of EPCIS 2.0."""
        files = sorted((program.VECTORS / "epcis" / "hash-vectors" / "examples").glob("*.jsonld"))
        if not files:
            raise Skipped(f"no public examples in {program.VECTORS}/epcis/hash-vectors/examples")
        ledger = self.new_ledger("public")
        ledger.append(files, self.new_key("signer-0"), gln(0))
        return ledger

    def document(self, name: str, count: int, salt: int) -> Path:
        """A document of so many different object events."""
        events = [
            {
                "type": "ObjectEvent",
                "eventTime": f"2026-03-{1 + index % 28:02}T08:{salt:02}:{index % 60:02}.{index:03}+08:00",
                "eventTimeZoneOffset": "+08:00",
                "epcList": [f"urn:epc:id:sgtin:4012345.011111.{1000 * salt + index}"],
                "action": "OBSERVE",
                "bizStep": "shipping",
            }
            for index in range(count)
        ]
        body = {"type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-01T08:00:00Z"}
        body["epcisBody"] = {"eventList": events}
        path = self.directory / f"{name}.json"
        path.write_text(json.dumps(body))
        return path


    # MARK: A running node

    issuer = gln(3)
    # By path: a ledger of opaque entries, and one of statements.
    origins = {"any": "interop.example/any", "farm": "interop.example/farm"}

    @cached_property
    def node(self):
        """A node with both."""
        if not (Path(program.BINARY).resolve().parent / "tracenode").exists():
            raise Skipped("no tracenode beside traceledger: swift build --product tracenode")
        self.site.token("erp")
        node = self.site.node("interop", limits={"anonymousRate": 0}, ledgers=[
            {"path": "any", "origin": self.origins["any"], "key": self.site.key_file("any"), "admission": "any"},
            {"path": "farm", "origin": self.origins["farm"], "key": self.site.key_file("farm"), "admission": [self.issuer],
             "capture": {"issuer": self.issuer, "key": self.site.key_file("enterprise")}, "tokens": [{"name": "erp", "file": "erp.token"}]},
        ])
        return node.start().wait("/readyz")

    @cached_property
    def witness(self):
        """A node that witnesses the ledger of opaque entries."""
        vkey = self.site.vkey("any", self.origins["any"])
        return self.site.node("fed", witness={"name": "fed.example/w", "key": self.site.key_file("fed"), "ledgers": [vkey]}).start()

    def node_key(self, path: str) -> bytes:
        return self.site.public(path)

    @property
    def enterprise_key(self) -> bytes:
        return self.site.public("enterprise")

    def fill(self, path: str, count: int) -> None:
        """Adds so many entries to a ledger of the node, and waits until they are shown."""
        if path == "any":
            with ThreadPoolExecutor(min(count, 32)) as pool:
                answers = list(pool.map(lambda _: self.node.post("/any/add", os.urandom(40)), range(count)))
            index = max(int(answer.body) for answer in answers)
        else:
            tag = os.urandom(4).hex()
            answer = self.node.capture("farm", "erp", *(event(f"{tag}-{number}") for number in range(count)))
            index = answer.json()["events"][-1]["index"]
        self.published(path, index)

    def published(self, path: str, index: int) -> None:
        def size() -> int:
            return int(self.node.get(f"/{path}/checkpoint").body.split(b"\n")[1])

        eventually(f"entry {index} of {path} is shown", lambda: size() > index)


def openssl(*arguments, input: bytes | None = None) -> bytes:
    return subprocess.run(
        ["openssl", *map(str, arguments)], input=input, capture_output=True, timeout=60, check=True
    ).stdout

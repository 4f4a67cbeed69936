"""A registry's state rebuilt from its pack alone, and compared with what the program says."""

import json
import time

import program
from cddl_verifier import Validator
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from formats import cbor, keys, notes, registry, tree
from report import equal, refused
from world import Ledger, gln

from .grammar import LEDGER_RULES, reasons

ORIGIN = "interop.example/registry"
AUTHORITY, FARM, DAIRY, SHOP = gln(70), gln(71), gln(72), "uscc:91310000MA1FL0000X"


def state(found: registry.Registry) -> list:
    """What `enrol list --json` says of parties and keys, from our own fold."""

    def key(item: registry.Key) -> dict:
        ended = None if item.end is None else ("revoked" if item.revoked else "retired", item.end[2], item.end_entry)
        return {"public": item.public.hex(), "from": item.start, "entry": item.entry, "end": ended}

    return [
        {
            "party": party.identifier,
            "withdrawn": party.withdrawn,
            "names": party.data[1],
            "prefixes": party.data.get(2, []),
            "keys": [key(item) for item in party.keys],
        }
        for party in found.parties
    ]


def seconds(text: str | None) -> int | None:
    import calendar

    return None if text is None else calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def stated(document: dict) -> list:
    """The same from the program's JSON."""

    def key(item: dict) -> dict:
        ended = (item["state"], seconds(item["end"]["from"]), item["endEntry"]) if "state" in item else None
        start = seconds(item["from"])
        return {"public": item["publicKey"], "from": start, "entry": item["entry"], "end": ended}

    return [
        {
            "party": party["party"],
            "withdrawn": seconds(party["withdrawn"]),
            "names": {name["language"]: name["text"] for name in party["data"]["names"]},
            "prefixes": party["data"]["prefixes"],
            "keys": [key(item) for item in party["keys"]],
        }
        for party in document["parties"]
    ]


class Ceremony:
    """A registry that the program made, with everything that can happen to a key."""

    def __init__(self, world):
        self.world, self.path = world, world.directory / "registry"
        self.ledger = Ledger(self.path, ORIGIN, world.new_key("registry-ledger"))
        self.signer = world.new_key("registry-authority")
        program.run(
            "enrol", "authority", "init", self.path, "--origin", ORIGIN, "--key", self.ledger.key,
            "--signer", self.signer, "--party", AUTHORITY, "--name", "en=Authority",
        )  # fmt: skip
        self.enrol("farm", FARM, "--prefix", "06900007", "--role", "producer", "--name", "zh=牧场", "--licence", "x=1")
        self.enrol("dairy", DAIRY, "--ledger", f"interop.example/dairy={world.new_key('dairy-ledger')}")
        self.enrol("shop", SHOP, "--contact", "tel:+86-10-5550100")
        old, new = world.new_key("farm"), world.new_key("farm-2")
        self.ask("rotate", FARM, "--old", old, "--new", new)
        self.ask("add-key", DAIRY, "--signer", world.new_key("dairy"), "--key", world.new_key("dairy-2"))
        self.ask("change", DAIRY, "--signer", world.new_key("dairy"), "--name", "en=Dairy 2", "--prefix", "069000072")
        self.record("revoke", "--party", FARM, "--party-key", world.public("farm"), "--comment", "stolen",
                    "--last-good", "interop.example/farm=4," + "ab" * 32, "--from", "2026-01-02T03:04:05+08:00")  # fmt: skip
        self.record("retire", "--party", DAIRY, "--party-key", world.public("dairy"))
        self.record("withdraw", "--party", SHOP, "--from", "1770000000")
        self.enrol("shop-2", SHOP, "--prefix", "069000079")
        self.record("withdraw", "--party", DAIRY, "--from", "1770000000")

    def enrol(self, name: str, party: str, *options) -> None:
        self.ask("request", party, "--key", self.world.new_key(name), "--name", f"en={name}", *options)

    def ask(self, command: str, party: str, *options) -> None:
        file = self.world.directory / "request"
        program.run("enrol", command, "--registry", ORIGIN, "--party", party, *options, "-o", file)
        self.last_request = file.read_bytes()
        self.approve(file)

    def approve(self, file) -> None:
        program.run("enrol", "approve", self.path, file, "--signer", self.signer)

    def record(self, command: str, *options) -> None:
        program.run("enrol", command, self.path, "--signer", self.signer, *options)

    def pack(self) -> bytes:
        file = self.world.directory / "registry.pack"
        program.run("enrol", "pack", "build", self.path, "-o", file)
        return file.read_bytes()


def check(report, world) -> None:
    made = None
    with report("the program keeps a registry"):
        made = Ceremony(world)
    if made is None:
        return
    pack = made.pack()
    found = registry.read_pack(pack, made.ledger.public)
    with report("the state rebuilt from the pack is the one that the program shows"):
        document = json.loads(program.run("enrol", "list", world.directory / "registry.pack", "--json"))
        equal(state(found), stated(document), "parties")
        equal(document["findings"], [], "findings")
        equal(found.findings, [], "findings here")
    with report("a request made here is approved, and what comes of it is seen here"):
        private, now = Ed25519PrivateKey.generate(), int(time.time())
        enrolment = {1: registry.ENROL, 2: gln(73), 3: {1: {"en": "Python"}}}
        enrolment[4] = [registry.grant(private, ORIGIN, gln(73), now)]
        file = world.directory / "python.request"
        file.write_bytes(registry.request(private, ORIGIN, now, enrolment))
        made.approve(file)
        again = registry.read_pack(made.pack(), made.ledger.public)
        equal(again.party(gln(73)).keys[0].public, keys.public_bytes(private), "key")
    with report("a request for another registry, without possession or altered is refused"):
        for registry_name, signer in ((ORIGIN + "x", private), (ORIGIN, Ed25519PrivateKey.generate())):
            bad = {1: registry.ENROL, 2: gln(74), 3: {1: {"en": "Bad"}}, 4: [registry.grant(private, registry_name, gln(74), now)]}
            file.write_bytes(registry.request(signer, ORIGIN, now, bad))
            equal(program.status("enrol", "approve", made.path, file, "--signer", made.signer), 1, "exit")
    with report("an update brings the old pack to the new one, and is consistent"):
        old = world.directory / "old.pack"
        old.write_bytes(pack)
        file = world.directory / "registry.update"
        program.run("enrol", "pack", "diff", made.path, "--from", old, "-o", file)
        content = registry.open_file(file.read_bytes(), "traceledger/registry-update")
        new = notes.Checkpoint.read(content[2])
        before = registry.open_file(pack, "traceledger/registry-pack")[2]
        equal(tree.root(list(map(tree.leaf_hash, before + content[3]))), new.root, "root")
        first, second = tree.roots_from_consistency(content[1], new.size, tree.root(list(map(tree.leaf_hash, before))), content[4])
        equal((first, second), (tree.root(list(map(tree.leaf_hash, before))), new.root), "roots")
        program.run("enrol", "pack", "update", old, "--with", file, "--log-key", made.ledger.vkey)
        equal(old.read_bytes(), made.pack(), "the updated pack")
    with report("a pack with an entry left out, altered or swapped is refused here and there"):
        content = registry.open_file(pack, "traceledger/registry-pack")
        file = world.directory / "bad.pack"
        entries = content[2]
        for changed in (entries[:-1], [*entries[:-1], entries[0]], [entries[0], *reversed(entries[1:])]):
            data = registry.file("traceledger/registry-pack", content | {2: changed})
            assert refused(registry.read_pack, data, made.ledger.public), "refused here"
            file.write_bytes(data)
            assert program.status("enrol", "pack", "verify", file, "--log-key", made.ledger.vkey) in (1, 2), "refused there"
    with report("enrolments, requests, packs and updates are in the grammar (cddl-verifier)"):
        validator = Validator(LEDGER_RULES)
        for entry in made.ledger.entries[1:]:
            item = registry.Statement.read(entry)
            equal(reasons(validator, "Enrolment", item.payload), [], item.payload.hex())
            assert reasons(validator, "Enrolment", cbor.encode(cbor.decode(item.payload) | {99: 0})), "a strange key"
        equal(reasons(validator, "EnrolmentRequestFile", made.last_request), [], "request")
        equal(reasons(validator, "RegistryPackFile", pack), [], "pack")
        equal(reasons(validator, "RegistryUpdateFile", (world.directory / "registry.update").read_bytes()), [], "update")

"""Evidence bundles: the program's are verified here, ours by the program, and what is altered is refused by both."""

import json
import random

import program
from cddl_verifier import Validator
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from formats import bundle, keys, notes, registry, tree
from report import equal, refused
from world import public

from .grammar import LEDGER_RULES, reasons

WITNESS, SEEN = "witness.example", 1_790_000_000


def signers(ledger) -> dict[bytes, bytes]:
    found = [keys.public_bytes(keys.load_private(path)) for path in [ledger.key, *ledger.issuer_keys]]
    return {keys.kid(key): key for key in found}


def verify(data: bytes, ledger) -> None:
    for part in bundle.read(data)[2]:
        part.verify(ledger.public, signers(ledger))


class Maker:
    """Makes bundles of the large ledger here."""

    def __init__(self, world):
        self.ledger, self.witness = world.large, Ed25519PrivateKey.generate()
        vkey = keys.vkey(WITNESS, keys.public_bytes(self.witness), 4)
        self.policy = f"log {self.ledger.vkey}\nwitness w {vkey}\nquorum w\n".encode()
        self.policy_file = world.directory / "bundle.policy"
        self.policy_file.write_bytes(self.policy)
        self.file = world.directory / "made.bundle"
        self.trust = ["--policy", self.policy_file]
        for key in self.ledger.issuer_keys:
            self.trust += ["--issuer-key", public(key)]

    def cosigned(self, note: bytes, time: int) -> bytes:
        return note + notes.cosignature_line(notes.Checkpoint.read(note).text, WITNESS, self.witness, time)

    def part(self, indices: list[int]) -> dict:
        note, older = self.ledger.checkpoints[-1], self.ledger.checkpoints[0]
        leaves, old = self.ledger.leaves, notes.Checkpoint.read(older).size
        return {
            1: self.cosigned(note, SEEN),
            2: [[index, self.ledger.entries[index]] for index in indices],
            3: bundle.multiproof(indices, leaves),
            4: [[self.cosigned(older, SEEN - 100), tree.consistency_path(old, leaves)]],
        }

    def data(self, part: dict) -> bytes:
        return registry.file(bundle.NAME, {1: self.policy, 3: [part]})

    def verdict(self, data: bytes) -> tuple[int, dict | None]:
        self.file.write_bytes(data)
        status = program.status("bundle", "verify", self.file, *self.trust)
        if status != 0:
            return status, None
        return status, json.loads(program.run("bundle", "verify", self.file, *self.trust, "--json"))


def alterations(part: dict, other: bytes):
    """The part with one thing changed in it."""
    entries, hashes = part[2], part[3]
    yield "a statement swapped", part | {2: [entries[0], [entries[1][0], other], *entries[2:]]}
    swapped = [[entries[0][0], entries[1][1]], [entries[1][0], entries[0][1]], *entries[2:]]
    yield "two statements exchanged", part | {2: swapped}
    yield "entries out of order", part | {2: entries[::-1]}
    yield "an entry twice", part | {2: [entries[0], *entries]}
    yield "a hash flipped", part | {3: [bytes([hashes[0][0] ^ 1]) + hashes[0][1:], *hashes[1:]]}
    yield "a hash dropped", part | {3: hashes[1:]}
    yield "a hash added", part | {3: [*hashes, hashes[0]]}
    yield "an index moved", part | {2: [[entries[0][0] ^ 1, entries[0][1]], *entries[1:]]}
    yield "an anchor's proof cut", part | {4: [[part[4][0][0], part[4][0][1][1:]]]}
    yield "an anchor's proof altered", part | {4: [[part[4][0][0], [bytes(32), *part[4][0][1][1:]]]]}


def check(report, world) -> None:
    maker, ledger = Maker(world), world.large
    file, size = world.directory / "program.bundle", len(ledger.entries)
    with report("bundles of the program verify here, and their hashes are those of the definition"):
        for wanted in (["--index", "0..1"], ["--index", "250..300"], ["--index", f"0..{size}"], ["--index", f"{size - 1}"],
                       ["--epc", "urn:epc:id:sgtin:4012345.011111.1005"]):  # fmt: skip
            program.run("bundle", "create", ledger.path, *wanted, "--policy", maker.policy_file, "-o", file)
            policy, _, (part,) = bundle.read(file.read_bytes())
            equal(policy, maker.policy, "the policy")
            equal(part.hashes, bundle.multiproof(sorted(part.entries), ledger.leaves), f"hashes of {wanted}")
            equal([item.entry for item in part.entries.values()], [ledger.entries[i] for i in part.entries], "entries")
            verify(file.read_bytes(), ledger)
    with report("bundles made here verify in the program, with an older checkpoint as an anchor"):
        generator = random.Random(5)
        for count in (1, 2, 7, 100, size):
            indices = sorted(generator.sample(range(size), count))
            data = maker.data(maker.part(indices))
            verify(data, ledger)
            status, document = maker.verdict(data)
            equal(status, 0, f"exit for {count} entries")
            equal([row["index"] for row in document["rows"]], indices, "rows")
            equal([row["leafHash"] for row in document["rows"]], [ledger.leaves[i].hex() for i in indices], "leaf hashes")
            old = notes.Checkpoint.read(ledger.checkpoints[0]).size
            seen = ["2026-09-21T14:11:40Z" if index < old else "2026-09-21T14:13:20Z" for index in indices]
            equal([row["seenAt"] for row in document["rows"]], seen, "seen by the witness")
    with report("what is altered is refused here and there"):
        good = maker.part([3, 4, 90, 400, size - 1])
        equal(maker.verdict(maker.data(good))[0], 0, "the unaltered one")
        for name, part in alterations(good, ledger.entries[5]):
            assert refused(verify, maker.data(part), ledger), f"{name}: accepted here"
            assert maker.verdict(maker.data(part))[0] in (1, 2), f"{name}: accepted there"
    with report("bundles are in the grammar (cddl-verifier)"):
        validator = Validator(LEDGER_RULES)
        for data in (file.read_bytes(), maker.data(maker.part([1, 2]))):
            equal(reasons(validator, "EvidenceBundleFile", data), [], "bundle")
        strange = registry.file(bundle.NAME, {3: [maker.part([1, 2]) | {9: 0}]})
        assert reasons(validator, "EvidenceBundleFile", strange), "a strange key"

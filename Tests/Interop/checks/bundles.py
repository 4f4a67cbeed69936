"""Evidence bundles: the program's are verified here, ours by the program, and what is altered is refused by both."""

import json
import random
import time

import program
from cddl_verifier import Validator
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from formats import bundle, keys, notes, registry, tree
from report import equal, refused
from world import Ledger, gln, public

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


class Revoked:
    """A ledger whose signer's key was revoked, by a registry that does not list the ledger: what a witness saw before counts."""

    def __init__(self, world):
        self.world, self.witness = world, Ed25519PrivateKey.generate()
        self.ledger = world.new_ledger("revoked")
        self.registry = Ledger(world.directory / "bundle-registry", "interop.example/bundles", world.new_key("bundle-registry"))
        self.policy, self.pack = world.directory / "revoked.policy", world.directory / "revoked.pack"
        vkey = keys.vkey(WITNESS, keys.public_bytes(self.witness), 4)
        self.policy.write_text(f"log {self.ledger.vkey}\nlog {self.registry.vkey}\nwitness w {vkey}\nquorum w\n")
        authority, signer, request = world.new_key("bundle-authority"), world.new_key("revoked-signer"), world.directory / "r"
        program.run("enrol", "authority", "init", self.registry.path, "--origin", self.registry.origin, "--key",
                    self.registry.key, "--signer", authority, "--party", gln(80), "--name", "en=Authority")  # fmt: skip
        program.run("enrol", "request", "--registry", self.registry.origin, "--party", gln(81), "--key", signer, "--name",
                    "en=Farm", "-o", request)  # fmt: skip
        program.run("enrol", "approve", self.registry.path, request, "--signer", authority)
        self.start = int(time.time())
        self.ledger.append([world.document("revoked-1", 3, 21)], signer, gln(81))
        cosigned = self.see(self.ledger.path, self.start + 100)
        self.kept = notes.Checkpoint.read(cosigned).size
        program.run("enrol", "revoke", self.registry.path, "--signer", authority, "--party", gln(81), "--party-key",
                    public(signer), "--from", str(self.start + 200))  # fmt: skip
        self.see(self.registry.path, self.start + 250)
        program.run("enrol", "pack", "build", self.registry.path, "-o", self.pack)
        self.ledger.append([world.document("revoked-2", 3, 22)], signer, gln(81))
        # The writer publishes the older size once more, as it signed it: cosigned checkpoints are put there by whoever collects them.
        (self.ledger.path / "checkpoints" / str(self.kept)).write_bytes(cosigned)
        self.see(self.ledger.path, self.start + 300)

    def see(self, path, moment: int) -> bytes:
        """The witness cosigns the latest checkpoint."""
        note = (path / "checkpoint").read_bytes()
        checkpoint = notes.Checkpoint.read(note)
        note += notes.cosignature_line(checkpoint.text, WITNESS, self.witness, moment)
        (path / "checkpoint").write_bytes(note)
        return note


def revoked(report, world) -> None:
    with report("an anchor from the ledger's kept checkpoints shows what was there before a revocation"):
        made, file = Revoked(world), world.directory / "revoked.bundle"
        trust = ["--policy", made.policy, "--registry", made.pack]
        program.run("bundle", "create", made.ledger.path, "--index", "1..7", *trust, "-o", file)
        _, pack, (part,) = bundle.read(file.read_bytes())
        equal(pack, made.pack.read_bytes(), "the registry pack")
        (older, _), = part.anchors
        equal(older.size, made.kept, "the anchor's size")
        equal(older.require_cosignature(WITNESS, keys.public_bytes(made.witness)), made.start + 100, "seen")
        verify(file.read_bytes(), made.ledger)
        for options in (trust, ["--policy", made.policy, "--registry-origin", made.registry.origin]):
            equal(program.status("bundle", "verify", file, *options), 1, "exit")
        table = program.output("bundle", "verify", file, *trust, "--format", "csv").decode().splitlines()
        verdicts = [line.split(",")[1] for line in table[1:]]
        equal(verdicts, ["issuedAndLogged"] * 3 + ["keyRevoked"] * 3, "verdicts")


def check(report, world) -> None:
    revoked(report, world)
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

"""The other direction: statements made here, admitted by `traceledger submit` or refused with the right exit code."""

import time

import program
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from formats import cbor, keys, statement, tree
from formats.statement import EVENT, GENESIS, NOTE, Sign1
from report import equal
from world import events_of, gln

from .payloads import bare, exported

# The example of Docs/Formats/EventPayload.md, and what that says it is.
PAYLOAD = cbor.encode(
    {
        0: 0,
        1: 1772323200000,
        2: 480,
        5: 1,
        6: [[7, [1, bytes.fromhex("5d6b70c507")], 21, 9876, 9877, "A-1"]],
        16: 32,
    }
)
EVENT_JSON = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T08:00:00.000+08:00",
    "eventTimeZoneOffset": "+08:00",
    "action": "OBSERVE",
    "epcList": [f"urn:epc:id:sgtin:4012345.011111.{serial}" for serial in ("9876", "9877", "A-1")],
    "bizStep": "shipping",
}
SUBJECT = "(01)04012345111118"


def made(key: Ed25519PrivateKey, chain: tuple[int, bytes], kind: int = EVENT, payload: bytes = PAYLOAD) -> bytes:
    return statement.sign(key, kind, payload, gln(70), SUBJECT, int(time.time()), chain)


def submit(world, ledger, entry: bytes) -> int:
    file = world.directory / "submitted.cose"
    file.write_bytes(entry)
    return program.status("submit", ledger.path, file)


def check(report, world) -> None:
    key = Ed25519PrivateKey.generate()
    with report("two statements made in Python are admitted, in one CBOR sequence"):
        ledger = world.submitted
        before = ledger.leaves
        first = made(key, (0, before[0]))
        second = made(key, (1, tree.leaf_hash(first)), NOTE, cbor.encode("made elsewhere"))
        file = world.directory / "sequence.cose"
        file.write_bytes(first + second)
        output = program.run("submit", ledger.path, file).decode().splitlines()
        expected = [[str(len(before) + n), tree.leaf_hash(entry).hex()] for n, entry in enumerate((first, second))]
        equal([line.split("\t")[:2] for line in output], expected, "lines")
        equal(ledger.entries[len(before) :], [first, second], "entries")
        equal(ledger.checkpoint.root, tree.root(ledger.leaves), "root")
    with report("the payload made in Python is exported as the event that EventPayload.md says it is"):
        equal(bare(events_of(exported(world.submitted))[-1]), EVENT_JSON, "event")
    with report("its receipt verifies under the key it was signed with"):
        ledger, index = world.submitted, world.submitted.checkpoint.size - 2
        half = world.directory / "python.pub.pem"
        half.write_bytes(keys.public_pem(keys.public_bytes(key)))
        proof = world.directory / "python.cose"
        program.run("prove", ledger.path, "--index", index, "--format", "statement", "-o", proof)
        program.run("verify", proof, "--log-key", ledger.vkey, "--issuer-key", half)
        equal(
            program.status("verify", proof, "--log-key", ledger.vkey, "--issuer-key", world.public("signer-0")),
            2,
            "exit",
        )
    with report("what sign writes offline continues a chain here, and is admitted"):
        ledger = world.submitted
        check_offline(world, ledger)
    for name, codes, entry in refusals(world, key):
        with report(f"refused: {name}"):
            ledger = world.submitted
            before = (ledger.path / "checkpoint").read_bytes()
            code = submit(world, ledger, entry(ledger))
            assert code in codes, f"exit {code}, expected {codes}"
            equal((ledger.path / "checkpoint").read_bytes(), before, "the checkpoint")
    with report("an event payload that cannot be read is refused, or the rest is exported all the same"):
        ledger = world.submitted
        count = len(events_of(exported(ledger)))
        payload = cbor.encode({0: 0, 1: 0, 2: 480, 5: 1, 99: 0})
        code = submit(world, ledger, made(key, (2, ledger.leaves[-1]), EVENT, payload))
        if code == 0:
            equal(len(events_of(exported(ledger))), count, f"events, with payload {payload.hex()} admitted")
    with report("the ledger is sound after all that"):
        equal(program.status("fsck", world.submitted.path, "--depth", "statements"), 0, "fsck")


def check_offline(world, ledger) -> None:
    """Two calls of `sign` for a new signer: seq 0 onto the genesis, then on from the chain file."""
    genesis, signer = ledger.leaves[0], world.new_key("offline")
    chain, sequence, size = world.directory / "offline.chain", b"", len(ledger.leaves)
    for number in (1, 2):
        document = world.document(f"offline-{number}", 3, 20 + number)
        file = world.directory / f"offline-{number}.cbor"
        options = ["--signer", signer, "--issuer", gln(8), "--chain", chain, "--genesis", genesis.hex(), "-o", file]
        program.run("sign", document, *options)
        sequence += file.read_bytes()
    public, previous = world.public_bytes("offline"), genesis
    entries = cbor.split_sequence(sequence)
    equal(len(entries), 6, "statements")
    for number, entry in enumerate(entries):
        found = statement.Statement.read(entry)
        found.message.require_signed(public, found.payload)
        equal((found.chain, found.issuer), ((number, previous), gln(8)), f"chain and issuer of {number}")
        previous = found.leaf_hash
    file = world.directory / "offline.cbor"
    file.write_bytes(sequence)
    program.run("submit", ledger.path, file)
    equal(ledger.entries[size:], entries, "entries")


def refusals(world, key: Ed25519PrivateKey):
    """What must not enter, each made for the ledger as it stands."""
    head = lambda ledger: ledger.leaves[-1]
    genesis = lambda ledger: ledger.leaves[0]

    def flipped(ledger) -> bytes:
        entry = bytearray(made(key, (2, head(ledger)), NOTE))
        entry[-1] ^= 1
        return bytes(entry)

    def other_kid(ledger) -> bytes:
        stranger = Ed25519PrivateKey.generate()
        message = Sign1.read(made(stranger, (0, genesis(ledger)), NOTE))
        header = message.protected | {4: bytes(8)}
        signature = stranger.sign(statement.sig_structure(cbor.encode(header), message.payload))
        return Sign1(cbor.encode(header), header, {}, message.payload, signature).encoded({})

    def not_canonical(ledger) -> bytes:
        entry = made(key, (2, head(ledger)), NOTE, b"x" * 10)
        at = entry.index(b"\x4a" + b"x" * 10)
        return entry[:at] + b"\x58\x0a" + entry[at + 1 :]

    def with_unprotected(ledger) -> bytes:
        return Sign1.read(made(key, (2, head(ledger)), NOTE)).encoded({99: 0})

    # What is well formed and wrong is refused with 1; what is no statement may be unreadable input, 2.
    wrong, unreadable = {1}, {1, 2}
    yield "a gap in the chain", wrong, lambda ledger: made(key, (3, head(ledger)), NOTE)
    yield "a fork of the chain", wrong, lambda ledger: made(key, (1, head(ledger)), NOTE)
    yield "the wrong entry before it", wrong, lambda ledger: made(key, (2, genesis(ledger)), NOTE)
    yield (
        "a chain that begins in another ledger",
        wrong,
        lambda ledger: made(Ed25519PrivateKey.generate(), (0, world.large.leaves[0]), NOTE),
    )
    yield (
        "a key that no entry introduced",
        wrong,
        lambda ledger: made(Ed25519PrivateKey.generate(), (1, head(ledger)), NOTE),
    )
    yield "a flipped bit in the signature", wrong, flipped
    yield "a second genesis", wrong, lambda ledger: made(key, (2, head(ledger)), GENESIS, b"\xa0")
    yield "a kid that is not the key's", unreadable, other_kid
    yield "a length that is not in its shortest form", unreadable, not_canonical
    yield "something in the unprotected header", unreadable, with_unprotected

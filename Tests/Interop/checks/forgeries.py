"""Receipts that only a careful verifier judges right: made here with the ledger's own key or from its own receipt."""

import json

import cbor2

import program
from formats import cbor, keys, statement, tree
from report import equal

from .proofs import prove


def check(report, world) -> None:
    def verify(data: bytes, entry: bytes, *more) -> int:
        file, beside = world.directory / "forged.cose", world.directory / "forged-entry.cose"
        file.write_bytes(data)
        beside.write_bytes(entry)
        return program.status("verify", file, "--statement", beside, *more)

    with report("a receipt with a forged size and index is never shown as a checked position"):
        ledger = world.examples
        receipt = prove(ledger, 1, "receipt")
        forged = other_position(receipt, ledger.leaves[1])
        statement.verify_receipt(forged, ledger.entries[1], ledger.origin, ledger.public)
        if verify(forged, ledger.entries[1], *ledger.trust()) == 0:
            file, beside = world.directory / "forged.cose", world.directory / "forged-entry.cose"
            output = json.loads(program.run("verify", file, "--statement", beside, *ledger.trust(), "--json"))
            assert any("position" in item for item in output["unchecked"]), output["unchecked"]
            assert not any("size" in step["detail"] for step in output["steps"]), output["steps"]
    with report("a receipt under algorithm -19 (Ed25519, RFC 9864) is read"):
        ledger = world.examples
        message = statement.Sign1.read(prove(ledger, 1, "receipt"))
        header = message.protected | {1: -19}
        root, key = ledger.checkpoint.root, keys.load_private(ledger.key)
        signature = key.sign(statement.sig_structure(cbor.encode(header), root))
        data = statement.Sign1(cbor.encode(header), header, {}, None, signature).encoded(message.unprotected)
        equal(verify(data, ledger.entries[1], *ledger.trust()), 0, "exit")
    with report("a receipt with its payload attached, for another entry, or over another root is refused"):
        ledger = world.examples
        receipt = prove(ledger, 1, "receipt")
        message = statement.Sign1.read(receipt)
        parts = [message.protected_bytes, message.unprotected, ledger.checkpoint.root, message.signature]
        attached = cbor.encode(cbor2.CBORTag(18, parts))
        assert verify(attached, ledger.entries[1], *ledger.trust()) in (1, 2), "attached"
        equal(verify(receipt, ledger.entries[2], *ledger.trust()), 1, "exit for another entry")
        root, key = bytes(32), keys.load_private(ledger.key)
        signature = key.sign(statement.sig_structure(message.protected_bytes, root))
        other = statement.Sign1(message.protected_bytes, message.protected, {}, None, signature)
        equal(verify(other.encoded(message.unprotected), ledger.entries[1], *ledger.trust()), 1, "exit over another root")
    with report("without the ledger's key, the signer's key or the statement the exit is 2"):
        ledger = world.examples
        receipt, entry = prove(ledger, 1, "receipt"), ledger.entries[1]
        equal(verify(receipt, entry), 2, "exit without keys")
        equal(verify(receipt, entry, "--log-key", ledger.vkey), 2, "exit without the signer's key")
        equal(verify(receipt, entry, *ledger.trust()[2:]), 2, "exit without the ledger's key")
        equal(program.status("verify", world.directory / "forged.cose", *ledger.trust()), 2, "exit without the statement")


def other_position(receipt: bytes, leaf: bytes) -> bytes:
    """The receipt with another size that leads over the same path to the same root: its signature still verifies."""
    message = statement.Sign1.read(receipt)
    size, index, path = statement.proof(message, -1)
    root = tree.root_from_inclusion(index, size, leaf, path)
    for other in range(index + 1, 2 * size):
        try:
            same = other != size and tree.root_from_inclusion(index, other, leaf, path) == root
        except ValueError:
            continue
        if same:
            return message.encoded({396: {-1: [cbor.encode([other, index, path])]}})
    raise AssertionError("no other size leads to this root")

"""Every entry of every bundle: COSE_Sign1, header, signature, chain, genesis."""

from hashlib import sha256

import scitt_cose
from formats import cbor, keys, tree
from formats.statement import GENESIS, Statement
from report import equal

LEDGERS = ["examples", "large", "public_examples"]


def check_chains(ledger, statements: list[Statement]) -> None:
    """The hash chain of each signer: seq from 0 without gaps, prev the leaf hash of the signer's entry before."""
    genesis, newest, owner = statements[0].leaf_hash, {}, {}
    for index, entry in enumerate(statements):
        sequence, previous = entry.chain
        id = entry.message.protected[4]
        if sequence == 0:
            assert id not in owner, f"entry {index}: a second seq 0 of one kid"
            owner[id] = entry.public_key
            equal(keys.kid(entry.public_key), id, f"kid of entry {index}")
            start = sha256(ledger.origin.encode()).digest() if index == 0 else genesis
            newest[id] = (-1, start)
        expected = newest[id][0] + 1, newest[id][1]
        equal((sequence, previous), expected, f"chain of entry {index}")
        newest[id] = sequence, entry.leaf_hash
        entry.message.require_signed(owner[id], entry.payload)


def check_genesis(ledger, genesis: Statement) -> None:
    equal(genesis.kind, GENESIS, "kind")
    equal((genesis.issuer, genesis.subject), (ledger.origin, ledger.origin), "iss and sub")
    equal(genesis.public_key, ledger.public, "public key")
    payload = cbor.decode(genesis.payload)
    equal(sorted(payload), [1, 2, 3, 4], "keys")
    equal((payload[1], payload[2]), (ledger.origin, ledger.public), "origin and key")
    assert isinstance(payload[3], int) and 1_700_000_000 < payload[3] < 1 << 40, payload[3]
    equal(len(payload[4]), 16, "random bytes")


def check_third_party(ledger, statements: list[Statement]) -> None:
    """scitt-cose reads each entry as an authenticated signed statement."""
    owner = {entry.message.protected[4]: entry.public_key for entry in statements if entry.public_key}
    for index, entry in enumerate(statements):
        pem = keys.public_pem(owner[entry.message.protected[4]])
        found = scitt_cose.parse_signed_statement(entry.entry, public_key_pem=pem)
        equal(found["signature_verified"], True, f"entry {index}")
        equal((found["issuer"], found["subject"]), (entry.issuer, entry.subject), f"claims of entry {index}")


def check(report, world) -> None:
    for name in LEDGERS:
        with report(f"{name}: append names each event's index and leaf hash"):
            ledger = getattr(world, name)
            hashes = ledger.leaves
            equal(len(ledger.lines), len(ledger.events), "lines")
            for position, (index, leaf, event_id) in enumerate(ledger.lines):
                equal(int(index), position + 1, "index")
                equal(leaf, hashes[int(index)].hex(), f"leaf hash of {index}")
                wanted = ledger.events[position].get("eventID")
                assert event_id == wanted if wanted else event_id == "-" or event_id.startswith("ni:"), event_id
        with report(f"{name}: every entry is a deterministic COSE_Sign1 with the header of formats.md"):
            ledger = getattr(world, name)
            statements = ledger.statements
            print(f"      {len(statements)} entries, the longest {max(len(s.entry) for s in statements)} B")
        with report(f"{name}: entry 0 is the genesis"):
            check_genesis(getattr(world, name), getattr(world, name).statements[0])
        with report(f"{name}: signatures, kids and the hash chain of each signer"):
            check_chains(getattr(world, name), getattr(world, name).statements)
        with report(f"{name}: scitt-cose authenticates every entry"):
            check_third_party(getattr(world, name), getattr(world, name).statements)
        with report(f"{name}: the leaf hash is over the entry's own bytes"):
            ledger = getattr(world, name)
            equal(scitt_cose.leaf_hash(ledger.entries[-1].hex()), tree.leaf_hash(ledger.entries[-1]).hex(), "leaf")

"""What `prove` and `consistency` write: receipts, transparent statements, tlog-proofs, consistency receipts."""

import program
import scitt_cose
from formats import keys, notes, statement, tree
from report import equal, refused


def prove(ledger, index: int, format: str, *more) -> bytes:
    return program.run("prove", ledger.path, "--index", index, "--format", format, *more)


def indexes(count: int) -> list[int]:
    return sorted({0, 1, 2, 254, 255, 256, 300, 511, 512, count - 2, count - 1} & set(range(count)))


def check_receipt(ledger, index: int, size: int, data: bytes, entries: list[bytes]) -> None:
    hashes = [tree.leaf_hash(entry) for entry in entries[:size]]
    found = statement.verify_receipt(data, entries[index], ledger.origin, ledger.public)
    equal(found, (size, index, tree.root(hashes)), f"receipt of {index} at {size}")
    path = statement.proof(statement.Sign1.read(data), -1)[2]
    equal(path, tree.inclusion_path(index, hashes), "path")
    pem = keys.public_pem(ledger.public)
    other = scitt_cose.verify_receipt(data, leaf_entry_hex=entries[index].hex(), log_public_key_pem=pem)
    assert other.ok, f"scitt-cose: {other.errors}"
    equal((other.tree_size, other.leaf_index, other.issuer), (size, index, ledger.origin), "scitt-cose reads")


def check_consistency(ledger, old: int, new: int, data: bytes, leaves: list[bytes]) -> None:
    roots = [tree.root(leaves[:size]) for size in (old, new)]
    found = statement.verify_consistency(data, roots[0], ledger.origin, ledger.public)
    equal(found, (old, new, roots[1]), f"consistency {old} to {new}")
    path = statement.proof(statement.Sign1.read(data), -2)[2]
    equal(path, tree.consistency_path(old, leaves[:new]), "path")
    texts = [root.hex() for root in roots]
    assert scitt_cose.verify_consistency(*texts, old, new, [hash.hex() for hash in path]), "scitt-cose"


def check(report, world) -> None:
    for name in ("examples", "large"):
        with report(f"{name}: receipts verify here and by scitt-cose, at both ends and around full tiles"):
            ledger = getattr(world, name)
            entries = ledger.entries
            for index in indexes(len(entries)):
                check_receipt(ledger, index, len(entries), prove(ledger, index, "receipt"), entries)
        with report(f"{name}: transparent statements hold the entry and a receipt for it"):
            ledger = getattr(world, name)
            entries = ledger.entries
            for index in indexes(len(entries)):
                data = prove(ledger, index, "statement")
                entry, receipts = statement.split_transparent(data)
                equal(entry, entries[index], f"entry {index}")
                equal(scitt_cose.extract_receipts(data), receipts, "receipts by scitt-cose")
                for receipt in receipts:
                    check_receipt(ledger, index, len(entries), receipt, entries)
        with report(f"{name}: tlog-proofs verify, with the statement in extra"):
            ledger = getattr(world, name)
            entries = ledger.entries
            for index in indexes(len(entries)):
                proof = notes.TLogProof.read(prove(ledger, index, "tlog-proof"))
                equal((proof.index, proof.extra), (index, entries[index]), "index and extra")
                proof.verify(entries[index], ledger.public)
                assert refused(proof.verify, entries[index] + b"\0", ledger.public), "another entry verifies"
        with report(f"{name}: consistency receipts between the published checkpoints"):
            ledger = getattr(world, name)
            leaves = ledger.leaves
            sizes = ledger.sizes
            assert len(sizes) >= 2 and sizes == sorted(set(sizes)), sizes
            for old in sizes[:-1]:
                data = program.run("consistency", ledger.path, "--from", old)
                check_consistency(ledger, old, sizes[-1], data, leaves)
        with report(f"{name}: traceledger verify agrees"):
            check_verify(world, getattr(world, name))
    with report("large: receipts and tlog-proofs at an earlier size (--size)"):
        ledger = world.large
        size = ledger.sizes[0]
        check_receipt(ledger, 7, size, prove(ledger, 7, "receipt", "--size", size), ledger.entries)
        proof = notes.TLogProof.read(prove(ledger, 7, "tlog-proof", "--size", size))
        equal(proof.checkpoint.size, size, "size")
        proof.verify(ledger.entries[7], ledger.public)
    with report("large: consistency to an earlier size (--to)"):
        ledger = world.large
        old, new = ledger.sizes[:2]
        data = program.run("consistency", ledger.path, "--from", old, "--to", new)
        check_consistency(ledger, old, new, data, ledger.leaves)
    with report("an entry that is not there yet is refused"):
        ledger = world.examples
        code = program.status("prove", ledger.path, "--index", ledger.checkpoint.size)
        assert code in (1, 2), f"exit {code}"
    with report("no receipt is made for a tree of size 1"):
        empty = world.new_ledger("only-genesis")
        equal(empty.checkpoint.size, 1, "size")
        code = program.status("prove", empty.path, "--index", 0, "--format", "receipt")
        assert code in (1, 2), f"exit {code}"


def artefacts(world, ledger, index: int) -> dict[str, tuple[bytes, list, object]]:
    """Each kind of file: its bytes, the options `verify` needs beside it, and our own verification of such bytes."""
    entry, first = ledger.entries[index], ledger.checkpoints[0]
    entry_file = world.directory / f"{ledger.path.name}-entry.cose"
    entry_file.write_bytes(entry)
    old_file = world.directory / f"{ledger.path.name}-old-checkpoint"
    old_file.write_bytes(first)
    old_root, origin, log_key = notes.Checkpoint.read(first).root, ledger.origin, ledger.public
    owners = {item.message.protected[4]: item.public_key for item in ledger.statements if item.public_key}

    def verify_statement(data: bytes) -> None:
        found = statement.Statement.read(data)
        found.message.require_signed(owners[found.message.protected[4]], found.payload)

    def verify_transparent(data: bytes) -> None:
        inner, receipts = statement.split_transparent(data)
        verify_statement(inner)
        for receipt in receipts:
            statement.verify_receipt(receipt, inner, origin, log_key)

    def verify_proof(data: bytes) -> None:
        proof = notes.TLogProof.read(data)
        verify_statement(proof.extra)
        proof.verify(proof.extra, log_key)

    def verify_checkpoint(data: bytes) -> None:
        checkpoint = notes.Checkpoint.read(data)
        assert checkpoint.origin == origin
        checkpoint.require_log_signature(log_key)

    consistency = program.run("consistency", ledger.path, "--from", ledger.sizes[0])
    return {
        "transparent statement": (prove(ledger, index, "statement"), [], verify_transparent),
        "receipt": (
            prove(ledger, index, "receipt"),
            ["--statement", entry_file],
            lambda data: statement.verify_receipt(data, entry, origin, log_key),
        ),
        "tlog-proof": (prove(ledger, index, "tlog-proof"), [], verify_proof),
        "consistency receipt": (
            consistency,
            ["--old-checkpoint", old_file],
            lambda data: statement.verify_consistency(data, old_root, origin, log_key),
        ),
        "checkpoint": ((ledger.path / "checkpoint").read_bytes(), [], verify_checkpoint),
    }


SUFFIX = {"tlog-proof": ".tlog-proof", "checkpoint": ".checkpoint"}


def check_verify(world, ledger) -> None:
    for kind, (data, options, verify) in artefacts(world, ledger, 1).items():
        verify(data)
        file = world.directory / ("verify" + SUFFIX.get(kind, ".cose"))
        file.write_bytes(data)
        program.run("verify", file, *ledger.trust(), *options)

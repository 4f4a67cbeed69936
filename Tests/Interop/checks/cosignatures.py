"""Cosignatures (type 0x04) made in Python, judged by `traceledger verify --policy`; a whole log made in Python too."""

import time

import program
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from formats import keys, notes, statement
from report import equal

from .proofs import prove


def subject(world, group):
    """A ledger, its checkpoint, and a policy for it that wants two of three witnesses."""
    ledger = world.examples
    rules = world.directory / "two-of-three.policy"
    rules.write_text(group(ledger.vkey, 2))
    return ledger, (ledger.path / "checkpoint").read_bytes(), rules


def check(report, world) -> None:
    witnesses = {f"witness.example/{n}": Ed25519PrivateKey.generate() for n in (1, 2, 3)}
    vkeys = {name: keys.vkey(name, keys.public_bytes(key), 4) for name, key in witnesses.items()}
    now = int(time.time())

    def group(log: str, quorum: int) -> str:
        lines = [f"log {log}", *(f"witness w{n} {vkey}" for n, vkey in enumerate(vkeys.values(), 1))]
        return "\n".join([*lines, f"group all-of-them {quorum} w1 w2 w3", "quorum all-of-them", ""])

    def cosigned(note: bytes, count: int) -> bytes:
        text = notes.Checkpoint.read(note).text
        lines = [notes.cosignature_line(text, name, key, now) for name, key in list(witnesses.items())[:count]]
        return note + b"".join(lines)

    def code(note: bytes, rules) -> int:
        file = world.directory / "cosigned.checkpoint"
        file.write_bytes(note)
        return program.status("verify", file, "--policy", rules)

    with report("two of three cosignatures made in Python meet a policy that wants two"):
        ledger, note, rules = subject(world, group)
        for name, key in list(witnesses.items())[:2]:
            notes.Checkpoint.read(cosigned(note, 2)).require_cosignature(name, keys.public_bytes(key))
        equal(code(cosigned(note, 2), rules), 0, "exit")
    with report("one cosignature, none, or a bad one does not"):
        ledger, note, rules = subject(world, group)
        for count in (0, 1):
            assert code(cosigned(note, count), rules) in (1, 2), f"{count} cosignatures are enough"
        bad = cosigned(note, 1)
        text = notes.Checkpoint.read(note).text
        other = notes.cosignature_line(
            text.replace(b"\n", b"x\n", 1), "witness.example/2", witnesses["witness.example/2"], now
        )
        assert code(bad + other, rules) in (1, 2), "a cosignature of another log is enough"
        again = notes.cosignature_line(text, "witness.example/1", witnesses["witness.example/1"], now + 1)
        assert code(bad + again, rules) in (1, 2), "one witness counts twice"
    with report("a tlog-proof with cosignatures meets the policy, its log's own signature alone does not"):
        ledger, _, rules = subject(world, group)
        data = prove(ledger, 1, "tlog-proof")
        head, _, note = data.partition(b"\n\n")
        issuers = [option for key in ledger.issuer_keys for option in ("--issuer-key", world.public(key.stem))]
        for count, wanted in ((3, {0}), (0, {1, 2})):
            file = world.directory / "cosigned.tlog-proof"
            file.write_bytes(head + b"\n\n" + cosigned(note, count))
            found = program.status("verify", file, "--policy", rules, *issuers)
            assert found in wanted, f"{count} cosignatures: exit {found}"
    with report("a checkpoint made in Python verifies, and under another key it does not"):
        key = Ed25519PrivateKey.generate()
        entry = statement.sign(key, statement.NOTE, b"\x00", "x", "y", now, (0, bytes(32)))
        note = notes.checkpoint("python.example/log", [statement.Statement.read(entry).leaf_hash], key)
        file = world.directory / "python.checkpoint"
        file.write_bytes(note)
        right = keys.vkey("python.example/log", keys.public_bytes(key))
        wrong = keys.vkey("python.example/log", keys.public_bytes(Ed25519PrivateKey.generate()))
        equal(program.status("verify", file, "--log-key", right), 0, "exit")
        assert program.status("verify", file, "--log-key", wrong) in (1, 2), "another key's vkey is enough"

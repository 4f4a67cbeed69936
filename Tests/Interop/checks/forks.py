"""Fork evidence: what a mirror keeps is verified here, what is made here by the program."""

import json

import program
from cddl_verifier import Validator
from formats import fork, keys, notes
from report import equal, refused
from world import gln

from .grammar import LEDGER_RULES, reasons


def check(report, world) -> None:
    ledger = world.new_ledger("forked")
    program.run("mirror", ledger.path, world.directory / "forked-copy", "--log-key", ledger.vkey)
    ledger.append([world.document("forked-one", 9, 41)], world.new_key("signer-0"), gln(0))
    program.run("mirror", ledger.path, world.directory / "forked-copy", "--log-key", ledger.vkey)
    twin = world.directory / "forked-twin"
    program.run("init", twin, "--origin", ledger.origin, "--key", ledger.key)
    other = [world.document("forked-two", 29, 42)]
    program.run("append", twin, *other, "--signer", world.new_key("signer-0"), "--issuer", gln(0), "--validate", "off")
    file, validator = world.directory / "made.evidence", Validator(LEDGER_RULES)

    def verdict(data: bytes, *trust) -> tuple[str, int]:
        file.write_bytes(data)
        found = json.loads(program.output("verify", file, *trust, "--json"))
        return found["verdict"], program.status("verify", file, *trust)

    trust = ["--log-key", ledger.vkey]
    with report("the evidence that a mirror keeps proves the fork"):
        equal(program.status("mirror", twin, world.directory / "forked-copy", *trust), 1, "exit")
        (kept,) = (world.directory / "forked-copy").glob("evidence/*/fork.evidence")
        equal(fork.verify(kept.read_bytes(), ledger.public), (10, 30), "sizes")
        equal(reasons(validator, "ForkEvidenceFile", kept.read_bytes()), [], "grammar")
        equal(verdict(kept.read_bytes(), *trust), ("notInLedger", 1), "verdict")
        equal(verdict(kept.read_bytes()), ("unknownKey", 2), "without a key")
    private = keys.load_private(ledger.key)
    first = [bytes([number]) * 32 for number in range(40)]
    second = [*first[:5], bytes(32), *first[6:]]

    def made(old: int, new: int, leaves=second) -> bytes:
        notes_of = [notes.checkpoint(ledger.origin, some, private) for some in (first[:old], leaves[:new])]
        if old == new:
            notes_of.sort(key=lambda note: notes.Checkpoint.read(note).root)
        return fork.write(*notes_of, [] if old == new else fork.prefix_path(old, leaves[:new]))

    for old, new in [(6, 7), (8, 9), (16, 33), (7, 40), (32, 40), (9, 9)]:
        with report(f"a fork between {old} and {new} that is made here"):
            data = made(old, new)
            equal(fork.verify(data, ledger.public), (old, new), "sizes")
            equal(reasons(validator, "ForkEvidenceFile", data), [], "grammar")
            equal(verdict(data, *trust), ("notInLedger", 1), "verdict")
    with report("what shows no fork is refused here and there"):
        consistent, good = made(8, 20, first), made(8, 20)
        content = fork.registry.open_file(good, fork.NAME)
        wrong = [
            consistent,
            fork.write(content[1], content[2], content[3][1:]),
            fork.write(content[1], content[2], [bytes(32), *content[3][1:]]),
            fork.write(content[1], content[2][:-8] + b"AAAAAA=\n", content[3]),
        ]
        for data in wrong:
            assert refused(fork.verify, data, ledger.public), "refused here"
            file.write_bytes(data)
            equal(program.status("verify", file, *trust) in (1, 2), True, "exit")
        equal(verdict(consistent, *trust), ("forged", 1), "verdict of a consistent pair")

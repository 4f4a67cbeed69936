"""Our files against Docs/Formats/*.cddl, by two validators that others wrote: zcbor and cddl-verifier."""

import subprocess
import sys
from pathlib import Path

import cbor2
import program
from cddl_verifier import Validator
from formats import cbor
from formats.statement import EVENT, GENESIS, Sign1
from report import equal

from .entries import LEDGERS
from .proofs import prove

FORMATS = program.ROOT / "Docs" / "Formats"
LEDGER_RULES = FORMATS / "traceledger.cddl"
EVENT_RULES = FORMATS / "event-payload.cddl"
GOLDENS = program.ROOT / "Tests" / "Goldens"


def zcbor(rules: Path, type: str, data: bytes) -> bool:
    # By standard input: zcbor 0.9.1 cannot open a binary file by its name.
    command = [
        Path(sys.executable).parent / "zcbor",
        "validate",
        "-c",
        rules,
        "-t",
        type,
        "-i",
        "-",
        "--input-as",
        "cbor",
    ]
    result = subprocess.run(command, input=data, capture_output=True, timeout=60, check=False)
    if b"CddlValidationError" not in result.stderr and result.returncode:
        raise AssertionError(f"zcbor: {result.stderr.decode()[-300:]}")
    return result.returncode == 0


def reasons(validator: Validator, type: str, data: bytes) -> list[str]:
    result = validator.validate(data, root_type=type)
    return [] if result.valid else [f"{d.path_text}: {d.message}" for d in result.diagnostics] or ["invalid"]


def mutated(type: str, data: bytes) -> bytes:
    """The same item with one thing that its rule forbids."""
    item = cbor.decode(data)
    if isinstance(item, dict):
        return cbor.encode(item | {99: 0})
    return cbor.encode(cbor2.CBORTag(item.tag, [*item.value[:3], item.value[3][:63]]))


def samples(world) -> dict[tuple[Path, str], bytes]:
    ledger = world.examples
    statements = ledger.statements
    # zcbor reads with cbor2, which turns decimal fractions (tag 4) into its own values: a payload without one.
    payload = next(item.payload for item in statements if item.kind == EVENT and b"\xc4\x82" not in item.payload)
    return {
        (LEDGER_RULES, "Statement"): statements[1].entry,
        (LEDGER_RULES, "Protected"): statements[1].message.protected_bytes,
        (LEDGER_RULES, "Genesis"): statements[0].payload,
        (LEDGER_RULES, "RootSignature"): (ledger.path / "checkpoint.cose").read_bytes(),
        (LEDGER_RULES, "InclusionReceipt"): prove(ledger, 1, "receipt"),
        (LEDGER_RULES, "TransparentStatement"): prove(ledger, 1, "statement"),
        (LEDGER_RULES, "ConsistencyReceipt"): program.run("consistency", ledger.path, "--from", ledger.sizes[0]),
        (LEDGER_RULES, "Activation"): Sign1.read((GOLDENS / "statements" / "activation.cose").read_bytes()).payload,
        (EVENT_RULES, "event-payload"): payload,
    }


def check(report, world) -> None:
    files = {}
    with report("samples of every kind can be had"):
        files = samples(world)
    for (rules, type), data in files.items():
        with report(f"{type}: zcbor accepts it, and not with one thing wrong"):
            assert zcbor(rules, type, data), f"zcbor refuses {data.hex()}"
            assert not zcbor(rules, type, mutated(type, data)), "zcbor accepts what is wrong"
        with report(f"{type}: cddl-verifier accepts it, and not with one thing wrong"):
            validator = Validator(rules)
            equal(reasons(validator, type, data), [], "diagnostics")
            assert reasons(validator, type, mutated(type, data)), "cddl-verifier accepts what is wrong"
    with report("the golden payloads are in the grammar (cddl-verifier)"):
        for file in sorted((GOLDENS / "event-payload").glob("*.cbor")):
            equal(reasons(Validator(EVENT_RULES), "event-payload", file.read_bytes()), [], file.name)
    for name in LEDGERS:
        with report(f"{name}: entries and payloads are in the grammar (cddl-verifier)"):
            # The generated events are alike: every twentieth will do.
            check_ledger(getattr(world, name), 20 if name == "large" else 1)


def check_ledger(ledger, step: int) -> None:
    entry_rules, event_rules = Validator(LEDGER_RULES), Validator(EVENT_RULES)
    for index, item in list(enumerate(ledger.statements))[::step]:
        equal(reasons(entry_rules, "Statement", item.entry), [], f"entry {index} {item.entry.hex()}")
        payload = item.payload
        found = reasons(entry_rules, "Genesis", payload) if item.kind == GENESIS else []
        if item.kind == EVENT:
            found = reasons(event_rules, "event-payload", payload)
        equal(found, [], f"payload {index} {payload.hex()}")

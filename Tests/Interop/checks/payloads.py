"""The event payload by our own reader, against the EPCIS JSON that the program exports."""

import program
from formats import payload
from formats.statement import EVENT
from formats.subject import subject
from report import equal
from world import events_of, read_json

from .entries import LEDGERS


def difference(found, expected, pointer: str = "") -> str | None:
    """Where two JSON values first differ; members have no order, elements have one."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for name in sorted(set(found) | set(expected)):
            if name not in found or name not in expected:
                return f"{pointer}/{name} is {'missing' if name not in found else 'too much'}"
            if inner := difference(found[name], expected[name], f"{pointer}/{name}"):
                return inner
        return None
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        pairs = enumerate(zip(found, expected))
        return next((d for i, (a, b) in pairs if (d := difference(a, b, f"{pointer}/{i}"))), None)
    same = type(found) is type(expected) and found == expected
    return None if same else f"{pointer}: {found!r} is not {expected!r}"


def bare(event: dict) -> dict:
    return {name: member for name, member in event.items() if name != "@context"}


def bindings(*contexts) -> dict[str, str]:
    """The prefixes that `@context` values bind, the later over the earlier."""
    result = {}
    for context in contexts:
        for item in context if isinstance(context, list) else [context]:
            if isinstance(item, dict):
                result |= {prefix: uri for prefix, uri in item.items() if isinstance(uri, str)}
    return result


def exported(ledger) -> dict:
    return read_json(program.run("export", ledger.path, "--format", "epcis-json"))


def check_ledger(ledger) -> None:
    document = exported(ledger)
    events = events_of(document)
    payloads = [item.payload for item in ledger.statements if item.kind == EVENT]
    equal(len(payloads), len(events), "events")
    for number, (data, event) in enumerate(zip(payloads, events)):
        found, namespaces = payload.read(data)
        assert not (place := difference(found, bare(event))), f"event {number}{place}, payload {data.hex()}"
        bound = bindings(document.get("@context"), event.get("@context"))
        equal({prefix: bound.get(prefix) for prefix in namespaces}, namespaces, f"namespaces of event {number}")


def check_subjects(ledger) -> None:
    told = 0
    for index, item in enumerate(ledger.statements):
        expected = subject(item.payload) if item.kind == EVENT else None
        if expected is not None:
            equal(item.subject, expected, f"sub of entry {index}, payload {item.payload.hex()}")
            told += 1
    print(f"      {told} of {len(ledger.statements) - 1} subjects")
    assert told, "no subject was compared"


def check(report, world) -> None:
    with report("the golden payloads read as the JSON beside them"):
        files = sorted((program.ROOT / "Tests" / "Goldens" / "event-payload").glob("*.cbor"))
        assert files, "no Tests/Goldens/event-payload"
        for file in files:
            (event,) = events_of(read_json(file.with_suffix(".json").read_text()))
            found, _ = payload.read(file.read_bytes())
            assert not (place := difference(found, bare(event))), f"{file.name}{place}"
    for name in LEDGERS:
        with report(f"{name}: every payload says what the exported JSON says"):
            check_ledger(getattr(world, name))
        with report(f"{name}: every event's sub is the subject that EventPayload.md says"):
            check_subjects(getattr(world, name))

"""EPCIS JSON in is EPCIS JSON out: field by field, in the same order."""

import program
from report import equal
from world import events_of, read_json

from .entries import LEDGERS
from .payloads import bare, difference, exported


def check(report, world) -> None:
    for name in LEDGERS:
        with report(f"{name}: export gives back every event that went in, field by field, in order"):
            ledger = getattr(world, name)
            document, events = exported(ledger), ledger.events
            equal(document["type"], "EPCISDocument", "type")
            equal(document["schemaVersion"], "2.0", "schemaVersion")
            found = events_of(document)
            equal(len(found), len(events), "events")
            for number, (out, into) in enumerate(zip(found, events)):
                assert not (place := difference(bare(out), bare(into))), f"event {number}{place}"
            print(f"      {len(events)} events of {len(ledger.inputs)} documents")
    with report("export --from --to is that part of the ledger, --to exclusive"):
        ledger = world.examples
        part = program.run("export", ledger.path, "--from", 2, "--to", 4)
        equal(events_of(read_json(part)), events_of(exported(ledger))[1:3], "events 2 and 3")
    with report("export --format statements is the entries, one after the other"):
        ledger = world.examples
        equal(program.run("export", ledger.path, "--format", "statements"), b"".join(ledger.entries), "CBOR sequence")

"""The map of subjects computed again from a ledger's entries, and subject proofs read and altered here."""

import program
from cddl_verifier import Validator
from formats import cbor, completeness, registry
from formats.bundle import multiproof
from report import equal, refused
from world import gln, public

from .grammar import LEDGER_RULES, reasons


def check(report, world) -> None:
    ledger = world.new_ledger("complete")
    files = sorted((program.ROOT / "Docs" / "Examples").glob("[0-9]*/*.json")) + [world.document("complete", 300, 31)]
    ledger.append(files, world.new_key("signer-0"), gln(0))
    program.run("checkpoint", ledger.path, "--map-root")
    entries = ledger.statements
    with report("the logged map root is the one that the entries give"):
        equal(entries[-1].kind, completeness.MAP_ROOT, "kind of the last entry")
        equal(cbor.decode(entries[-1].payload), completeness.map_root(entries[:-1]), "map root")
    found = completeness.lists(entries[:-1])
    file = world.directory / "subject.proof"
    trust = ["--log-key", ledger.vkey, "--issuer-key", public(world.new_key("signer-0"))]

    def prove(subject: str) -> bytes:
        program.run("prove", ledger.path, "--subject", subject, "-o", file)
        program.run("verify", file, *trust)
        return file.read_bytes()

    most = max(found, key=lambda subject: len(found[subject]))
    for subject in [most, *sorted(found)[:: max(1, len(found) // 12)]]:
        with report(f"{subject}: these {len(found[subject])} entries and no others"):
            equal(completeness.verify(prove(subject), ledger.public), (subject, found[subject], len(entries) - 1), "proof")
    for number in range(3):
        absent = f"(01)0690000000000{number}(21)absent"
        with report(f"{absent}: none"):
            equal(completeness.verify(prove(absent), ledger.public)[1], [], "entries")
    with report("a proof that leaves an entry out, or says that there is none, is refused here and there"):
        content = registry.open_file(prove(most), completeness.NAME)
        for kept in (content[3][:-1], content[3][1:], []):
            indices = [index for index, _ in kept] + [content[4][0]]
            altered = content | {3: kept, 6: multiproof(indices, ledger.leaves)}
            data = registry.file(completeness.NAME, altered)
            assert refused(completeness.verify, data, ledger.public), "refused here"
            file.write_bytes(data)
            equal(program.status("verify", file, *trust), 1, "exit")
    with report("map roots and subject proofs are in the grammar (cddl-verifier)"):
        validator = Validator(LEDGER_RULES)
        equal(reasons(validator, "MapRoot", entries[-1].payload), [], "map root")
        for subject in (most, "(01)06900000000001(21)absent"):
            equal(reasons(validator, "SubjectProofFile", prove(subject)), [], subject)

"""One flipped bit in each kind of file: we and `traceledger verify` refuse it alike."""

import random

import program
from formats import cbor
from formats.statement import Sign1, split_transparent
from report import refused

from .proofs import SUFFIX, artefacts

FLIPS = 24


def unauthenticated(kind: str, data: bytes) -> range:
    """Where the two numbers of a proof stand: a receipt's signature covers the root alone (formats.md section 3), so that a
    changed number may still lead to the same root. Then both must say the same of it, whatever that is."""
    if kind == "transparent statement":
        receipt = split_transparent(data)[1][0]
    elif kind.endswith("receipt"):
        receipt = data
    else:
        return range(0)
    proofs = Sign1.read(receipt).unprotected[396]
    (proof,) = next(iter(proofs.values()))
    first, second, _ = cbor.decode(proof)
    start = data.index(proof) + 1
    return range(start, start + len(cbor.encode(first)) + len(cbor.encode(second)))


def check(report, world) -> None:
    for kind in ("transparent statement", "receipt", "tlog-proof", "consistency receipt", "checkpoint"):
        with report(f"{kind}: {FLIPS} flips of one bit are refused by both"):
            ledger = world.examples
            data, options, verify = artefacts(world, ledger, 2)[kind]
            file = world.directory / ("flipped" + SUFFIX.get(kind, ".cose"))
            generator, free = random.Random(f"flips of a {kind}"), unauthenticated(kind, data)
            # As it is, both accept it: what follows is refused for its flip alone.
            verify(data)
            file.write_bytes(data)
            program.run("verify", file, *ledger.trust(), *options)
            ends = [0, 7, 8 * len(data) - 8, 8 * len(data) - 1, *(8 * byte for byte in free)]
            for bit in ends + [generator.randrange(8 * len(data)) for _ in range(FLIPS - len(ends))]:
                flipped = bytearray(data)
                flipped[bit // 8] ^= 1 << bit % 8
                file.write_bytes(flipped)
                code = program.status("verify", file, *ledger.trust(), *options)
                ours = refused(verify, bytes(flipped))
                where = f"bit {bit % 8} of byte {bit // 8}"
                assert ours or bit // 8 in free, f"{where}: we accept it"
                assert ours == (code in (1, 2)), f"{where}: exit {code}, and we {'refuse' if ours else 'accept'} it"

"""The tlog-tiles directory rebuilt from its entries; checkpoints and root signatures."""

import json

import program
import scitt_cose
from formats import notes, tree
from formats.statement import read_log_message
from report import equal

from .entries import LEDGERS


def check_tiles(ledger) -> None:
    entries, leaves = ledger.entries, ledger.leaves
    wanted = tree.tiles(leaves) | tree.bundles(entries)
    for path, content in wanted.items():
        equal((ledger.path / path).read_bytes(), content, path)
    # Partial tiles of earlier checkpoints may stand beside them: each must be a prefix of the tile it grew into.
    full = {path.partition(".p/")[0]: content for path, content in wanted.items()}
    for file in (ledger.path / "tile").rglob("*"):
        path = str(file.relative_to(ledger.path))
        if file.is_file() and path not in wanted:
            assert ".p/" in path, f"{path} has no place in this tree"
            assert full[path.partition(".p/")[0]].startswith(file.read_bytes()), f"{path} is no prefix"


def check_checkpoint(ledger, note: bytes, signature: bytes | None) -> None:
    checkpoint = notes.Checkpoint.read(note)
    checkpoint.require_log_signature(ledger.public)
    equal(checkpoint.origin, ledger.origin, "origin")
    equal(checkpoint.root, tree.root(ledger.leaves[: checkpoint.size]), f"root at {checkpoint.size}")
    equal(len(checkpoint.text.split(b"\n")), 4, "lines: no extension is written")
    if signature is not None:
        message = read_log_message(signature, ledger.origin)
        equal(message.unprotected, {}, "unprotected header")
        message.require_signed(ledger.public, checkpoint.root)


def check(report, world) -> None:
    for name in LEDGERS:
        with report(f"{name}: every tile and bundle is what its entries make"):
            check_tiles(getattr(world, name))
        with report(f"{name}: the checkpoint's root, its signed note, and checkpoint.cose"):
            ledger = getattr(world, name)
            read = ledger.path.joinpath
            check_checkpoint(ledger, read("checkpoint").read_bytes(), read("checkpoint.cose").read_bytes())
            equal(program.run("checkpoint", ledger.path), read("checkpoint").read_bytes(), "traceledger checkpoint")
        with report(f"{name}: each checkpoint published or kept has its tree's root"):
            ledger = getattr(world, name)
            for note in ledger.checkpoints:
                check_checkpoint(ledger, note, None)
            kept = [file for file in (ledger.path / "checkpoints").iterdir() if file.suffix != ".cose"]
            for file in kept:
                beside = file.with_name(file.name + ".cose")
                check_checkpoint(ledger, file.read_bytes(), beside.read_bytes() if beside.exists() else None)
                equal(notes.Checkpoint.read(file.read_bytes()).size, int(file.name), "size in the name")
            assert kept, "no checkpoint was kept"
        with report(f"{name}: ledger.json names the origin and the vkey"):
            ledger = getattr(world, name)
            information = json.loads((ledger.path / "ledger.json").read_text())
            equal((information["origin"], information["vkey"]), (ledger.origin, ledger.vkey), "ledger.json")
    with report("scitt-cose computes the same root"):
        ledger = world.examples
        found = scitt_cose.merkle_root([entry.hex() for entry in ledger.entries])
        equal(found, ledger.checkpoint.root.hex(), "root")
    with report("fsck finds nothing wrong"):
        for name in LEDGERS[:2]:
            equal(program.status("fsck", getattr(world, name).path, "--depth", "statements"), 0, name)

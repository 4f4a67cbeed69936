"""Runs what changes who may write into a ledger as its users do: the rotation of the ledger's own key with mirrors that
follow it, and the admission of issuers by a registry. usage: ledgerkeys.py BINARIES"""

import os
import shutil
import sys
import tempfile

import commands
from commands import User, check
from mirror import Server, append, files


def rotating(user, server):
    for name in ["ledger.pem", "ledger2.pem", "ledger3.pem", "farm.pem"]:
        user.run("key", "generate", name)
    first = user.run("init", "L", "--origin", "example.com/farm", "--key", "ledger.pem", "--json").json()["vkey"]
    append(user, "L", range(1, 20))
    user.run("mirror", f"{server.url}/L", "copy", "--log-key", first)
    user.run("prove", "L", "--index", 3, "-o", "old.cose")
    backup = user.home / "backup"
    shutil.copytree(user.home / "L", backup)

    user.run("key", "rotate-ledger", "L", "--to", "ledger.pem", code=2, says="the ledger's key already")
    user.run("key", "rotate-ledger", "L", "--to", "farm.pem", code=2, says="one key has one use")
    user.run("key", "rotate-ledger", "L", "--to", "absent.pem", code=2, says="--to")
    done = user.run("key", "rotate-ledger", "L", "--to", "ledger2.pem", "--json").json()
    check("where the succession stands", (done["index"], done["size"]) == (20, 21), done)
    check("the key that was", done["oldVkey"] == first and done["vkey"] != first, done)
    append(user, "L", range(20, 30))
    user.run("key", "rotate-ledger", "L", "--to", "ledger3.pem", says="give partners the new vkey")
    append(user, "L", range(30, 40))
    last = (user.home / "L/ledger.json").read_text()
    check("ledger.json names the keys before", last.count('"until"') == 2, last)

    for key in [first, done["vkey"]]:
        user.run("fsck", "L", "--log-key", key)
        user.run("fsck", f"{server.url}/L", "--log-key", key, "--depth", "chains")
        user.run("prove", "L", "--index", 3, "--log-key", key, "-o", "new.cose")
        user.run("export", f"{server.url}/L", "--log-key", key, "-o", "events.out")
    user.run("verify", "old.cose", "--log-key", first, "--issuer-key", "9521101000009=farm.pem")
    user.run("prove", "L", "--index", 3, "--size", 20, "-o", "older.cose")
    user.run("verify", "older.cose", "--log-key", first, "--issuer-key", "9521101000009=farm.pem")
    user.run("consistency", "L", "--from", 20, "-o", "consistency.cose")
    user.run("append", "L", "events.json", *user.signing(), "--key", "ledger.pem", code=2, says="another one was given")

    user.run("mirror", f"{server.url}/L", "copy", "--log-key", first)
    check("the mirror followed", files(user.home / "copy")["checkpoint"] == files(user.home / "L")["checkpoint"])
    user.run("fsck", "copy", "--log-key", first)
    user.run("fsck", "backup", "--log-key", first, "--repair-from", f"{server.url}/L")
    check("a backup from before is brought up", files(backup)["checkpoint"] == files(user.home / "L")["checkpoint"])
    append(user, "backup", range(50, 52), "--key", "ledger3.pem")

    # The operator has lost the key, or worse, and puts another in its place.
    user.run("key", "generate", "thief.pem")
    thief = user.run("key", "show", "thief.pem", "--format", "vkey", "--name", "example.com/farm").out.decode().strip()
    user.run("init", "T", "--origin", "example.com/farm", "--key", "thief.pem")
    append(user, "T", range(1, 60))
    shutil.copytree(user.home / "T/checkpoints", user.home / "L/checkpoints", dirs_exist_ok=True)
    for name in ["checkpoint", "checkpoint.cose", "ledger.json"]:
        shutil.copy(user.home / "T" / name, user.home / "L" / name)
    held = files(user.home / "copy")
    user.run("mirror", f"{server.url}/L", "copy", "--log-key", first, code=1, says="did not sign this checkpoint")
    check("what was verified stays", files(user.home / "copy") == held)
    user.run("fsck", "L", "--log-key", first, code=1, says="")
    user.run("fsck", "L", "--log-key", thief, code=1, says="")


def main(binaries):
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as directory:
        user = User(binaries, directory)
        server = Server(user.home)
        rotating(user, server)
        server.stop()
    print(f"{commands.passed} passed, {commands.failed} failed")
    return 1 if commands.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Runs `traceledger stamp`, `item` and `recall` as an enterprise, its printer, a shop and a consumer do, with the attacks that a
code on a pack meets. usage: items.py BINARIES"""

import csv
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

import commands
from commands import GLN, User, check, document

GTIN, OTHER_GTIN = "09521101530018", "09521101530025"
HOST = "q.dairy.example"
VERIFY = {"file", "type", "verdict", "exit", "steps", "unchecked", "asOf", "registry", "meaning", "identity", "issuer", "batch",
          "recalls", "activations", "freshness"}


class Dairy(User):
    """An enterprise with an authority that enrolled it, a thief with a key, and a lot of 300 cans."""

    def prepare(self):
        for name in ["registry", "authority", "dairy", "dairy-ledger", "thief", "other", "other-ledger"]:
            self.run("key", "generate", f"{name}.pem")
        self.vkey = self.run("init", "LEDGER", "--origin", "example.com/dairy", "--key", "dairy-ledger.pem", "--json").json()["vkey"]
        self.run("enrol", "authority", "init", "REG", "--origin", "registry.example", "--key", "registry.pem", "--signer",
                 "authority.pem", "--party", "9521100000000", "--name", "en=Authority")
        registry = self.run("key", "show", "registry.pem", "--format", "vkey", "--name", "registry.example").text.strip()
        self.write("policy", f"log {registry}\nlog {self.vkey}\nquorum none\n")
        self.enrol("dairy", GLN, "9521101", "zh=晨光乳业")
        self.enrol("other", "9521199000004", "9521199", "en=Other")
        self.run("enrol", "pack", "build", "REG", "-o", "registry.pack")
        self.trust = ["--policy", "policy", "--registry", "registry.pack"]

    def enrol(self, name, party, prefix, title):
        self.run("enrol", "request", "--registry", "registry.example", "--party", party, "--key", f"{name}.pem", "--name", title,
                 "--prefix", prefix, "-o", f"{name}.request")
        self.run("enrol", "approve", "REG", f"{name}.request", "--signer", "authority.pem")

    def stamp(self, *arguments, signer="dairy.pem", **options):
        return self.run("stamp", "create", *arguments, "--signer", signer, "--host", HOST, **options)

    def verify(self, code, verdict, *arguments, trust=None, exit=None):
        expected = {"issued": 0, "issuedAndLogged": 0, "secretMatches": 0, "unknownKey": 2}.get(verdict, 1) if exit is None else exit
        result = self.run("stamp", "verify", code, *(self.trust if trust is None else trust), *arguments, "--json",
                          code=expected, silent=True)
        report = result.json() if result.out else {}
        check(f"{verdict} of {code[:60]} {arguments}", report.get("verdict") == verdict and set(report) == VERIFY, result.text + result.error)
        return report


def lot(count, **changes):
    rows = [{"gtin": GTIN, "lot": "A7", "serial": f"{number:06}", "expiry": "291231", "market": "CN"} for number in range(count)]
    for number, row in changes.get("rows", {}).items():
        rows[number].update(row)
    lines = [",".join(rows[0])] + [",".join(row.values()) for row in rows]
    return "\n".join(lines) + "\n"


def creating(user):
    one = user.stamp("--gtin", GTIN, "--lot", "A7", "--serial", "1001", "--expiry", "291231", "--market", "CN").text.strip()
    check("a code is upper-case but for lot and serial", one.startswith(f"HTTPS://Q.DAIRY.EXAMPLE/01/{GTIN}/10/A7/21/1001?17=291231&91=CN&S="), one)
    check("a code fits version 9-M or smaller", user.run("stamp", "qr", one, "--json", "-o", "one.svg").json()[0]["version"] <= 9)
    made = user.stamp("--gtin", GTIN[1:], "--serial", "1", "--attribute", "3103=000500", "--json").json()
    check("stamp create --json", set(made[0]) == {"elements", "uri", "gtin", "lot", "serial", "expiry", "market", "kid"}, made)
    check("thirteen digits are filled up", made[0]["gtin"] == GTIN and "(3103)000500" in made[0]["elements"], made)
    random_ones = user.stamp("--gtin", GTIN, "--random-serials", "2000").text.split()
    serials = [re.search("/21/([0-9A-Z]{12})[?]", code)[1] for code in random_ones]
    check("random serial numbers are all different", len(set(serials)) == 2000)
    check("and have no 0, 1, I, O", not set("".join(serials)) & set("01IO"))
    bad = [(["--gtin", "09521101530019"], "check digit"), (["--gtin", GTIN, "--expiry", "291301"], "no such month"),
           (["--gtin", GTIN, "--market", "cn"], "market"), (["--gtin", GTIN, "--attribute", "9999=1"], "AI=VALUE"),
           (["--gtin", GTIN, "--serial", "a b"], "--serial"), (["--gtin", GTIN, "--random-serials", "0"], "1 to"),
           (["--gtin", GTIN, "--serial", "1", "--random-serials", "2"], "which"), ([], "--gtin"),
           (["--gtin", GTIN, "--attribute", "10=A", "--lot", "A"], "twice"), (["--gtin", GTIN, "--resume"], "-o FILE")]
    for arguments, says in bad:
        user.stamp(*arguments, code=2, says=says)
    user.run("stamp", "create", "--gtin", GTIN, "--signer", "dairy.pem", "--host", "a b", code=2, says="--host")
    user.run("stamp", "create", "--gtin", GTIN, "--signer", "absent.pem", "--host", HOST, code=2, says="--signer")
    return one


def lots(user):
    user.write("lot.csv", lot(5000))
    user.stamp("lot.csv", "-o", "lot.txt", says="5000 codes")
    codes = (user.home / "lot.txt").read_text().splitlines()
    check("as many codes, in order", [re.search("/21/([0-9]+)", code)[1] for code in codes] == [f"{n:06}" for n in range(5000)])
    user.stamp("lot.csv", "-o", "lot.txt", code=2, says="--resume")
    check("a pipe gives the same", user.stamp("-", stdin=(user.home / "lot.csv").read_bytes()).out == (user.home / "lot.txt").read_bytes())
    table = user.stamp("lot.csv", "--format", "csv").text.splitlines()
    check("a table has the columns and the code", table[0] == "gtin,lot,serial,expiry,market,uri" and table[7].endswith(codes[6]), table[:2])
    check("a document of many", len(user.stamp("lot.csv", "--json").json()) == 5000)
    report = user.run("stamp", "verify", "lot.txt", *user.trust)
    check("a line a code", len(report.lines) == 5000 and all(line[0] == "issued" for line in report.lines), report.lines[:2])

    # Cut off anywhere, and gone on with.
    whole = (user.home / "lot.txt").read_bytes()
    for cut in [0, 1, len(codes[0]), len(codes[0]) + 1, 300_000, len(whole) - 1, len(whole)]:
        user.write("cut.txt", whole[:cut])
        user.stamp("lot.csv", "-o", "cut.txt", "--resume")
        check(f"resumed behind byte {cut}", (user.home / "cut.txt").read_bytes() == whole)
    for change in [whole.replace(b"/21/000007", b"/21/000008", 1), whole[:1000].replace(b"Q.DAIRY", b"Q.FAIRY") + b"\n", whole + b"x\n",
                   whole[:100] + b"\n"]:
        user.write("cut.txt", change)
        user.stamp("lot.csv", "-o", "cut.txt", "--resume", code=2, says="input")
        check("and nothing was changed", (user.home / "cut.txt").read_bytes() == change)
    user.write("cut.txt", whole[:5000])
    user.stamp("lot.csv", "-o", "cut.txt", "--resume", signer="thief.pem", code=2, says="another input")
    killed(user, whole)

    for number, (row, says) in enumerate([({"gtin": "09521101530019"}, "line 3002, column 1 (gtin)"), ({"expiry": "291331"}, "line 3002, column 4 (expiry)"),
                                          ({"serial": "x" * 21}, "column 3 (serial)"), ({"market": "cn"}, "line 3002"), ({"serial": "a,b"}, "6 cells")]):
        user.write("bad.csv", lot(5000, rows={3000: row}))
        user.stamp("bad.csv", "-o", "bad.txt", code=1, says=says)
        check("nothing is written of a wrong lot", not (user.home / "bad.txt").exists())
    piped = user.stamp("-", "-o", "bad.txt", stdin=lot(5000, rows={3000: {"expiry": "291331"}}).encode(), code=1, says="the 3000 codes before it")
    check("of a pipe, whole lines before the wrong one", (user.home / "bad.txt").read_bytes() == whole[:sum(len(code) + 1 for code in codes[:3000])])
    for header, says in [("gtin,colour", "column 2 (colour)"), ("gtin,gtin", "twice"), ("gtin,(01)", "twice")]:
        user.write("bad.csv", header + "\n1,2\n")
        user.stamp("bad.csv", code=2, says=says)
    user.write("bad.csv", "")
    user.stamp("bad.csv", code=2, says="empty")
    user.write("quoted.csv", b'\xef\xbb\xbfgtin,"serial"\r\n' + f'{GTIN},"a""b"\r\n\r\n{GTIN},A/B%?&'.encode())
    quoted = user.stamp("quoted.csv").text.split()
    check("quotes, CRLF and a last line without end", len(quoted) == 2 and "/21/a%22b?" in quoted[0], quoted)
    user.write("quoted.txt", "\n".join(quoted))
    user.run("stamp", "verify", "quoted.txt", *user.trust)


def killed(user, whole):
    """A run that is killed is gone on with, as often as it takes."""
    user.write("large.csv", lot(60_000))
    user.stamp("large.csv", "-o", "large.txt")
    environment = user.environment
    for after in [0.2, 0.5, 0.8]:
        (user.home / "killed.txt").unlink(missing_ok=True)
        process = subprocess.Popen([user.program, "stamp", "create", "large.csv", "--signer", "dairy.pem", "--host", HOST, "-o",
                                    "killed.txt"], cwd=user.home, env=environment, stderr=subprocess.DEVNULL)
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.wait()
        user.stamp("large.csv", "-o", "killed.txt", "--resume")
        check(f"killed after {after} s", (user.home / "killed.txt").read_bytes() == (user.home / "large.txt").read_bytes())


def drawing(user, code):
    for kind in ["svg", "png", "pdf"]:
        user.run("stamp", "qr", code, "--format", kind, "-o", f"one.{kind}", says="version")
        check(f"a {kind}", (user.home / f"one.{kind}").stat().st_size > 500)
    shown = user.run("stamp", "qr", code).text
    check("on a terminal", "█" in shown and len(shown.splitlines()) > 20)
    user.verify("one.png", "issued")
    facts = user.run("stamp", "qr", code, "--format", "png", "--module-width", "0.25", "-o", "small.png", "--json").json()[0]
    check("qr --json", set(facts) == {"uri", "file", "format", "version", "level", "modules", "moduleWidth", "size"}, facts)
    user.verify("small.png", "issued")
    (user.home / "codes").mkdir()
    user.write("three.txt", "".join((user.home / "lot.txt").read_text().splitlines(True)[:3]))
    user.run("stamp", "qr", "three.txt", "--format", "svg", "-o", "codes")
    check("a file each", len(list((user.home / "codes").iterdir())) == 3)
    user.run("stamp", "qr", "three.txt", "--format", "svg", "-o", "x.svg", code=2, says="3 codes")
    user.run("stamp", "qr", "three.txt", "--format", "pdf", "--sheet", "40x50", "-o", "roll.pdf", says="3 codes")
    for wrong, says in [(["--level", "X"], "L, M"), (["--sheet", "a9"], "--sheet"), (["--module-width", "0"], "0.05"), (["--json"], "-o FILE"),
                        (["--format", "pdf", "--columns", "40", "-o", "x.pdf"], "label")]:
        user.run("stamp", "qr", code, *wrong, code=2, says=says)
    user.run("stamp", "qr", code.replace("&S=", "&T="), code=2, says="not signed")


def altering(user, code):
    report = user.verify(code, "issued")
    check("whose it is", report["issuer"] == {"id": GLN, "name": "晨光乳业"} and report["identity"]["market"] == "CN", report)
    check("a photographed code is said to be one", any("photographed" in what for what in report["unchecked"]), report["unchecked"])
    for old, new in [(GTIN, OTHER_GTIN), ("/10/A7", "/10/A8"), ("/21/1001", "/21/1002"), ("17=291231", "17=301231"), ("91=CN", "91=DE"),
                     ("/10/A7", ""), ("&91=CN", "")]:
        user.verify(code.replace(old, new), "forged")
    for old, new in [("Q.DAIRY.EXAMPLE", "evil.example"), ("HTTPS://Q.DAIRY.EXAMPLE", "https://q.dairy.example"), ("HTTPS", "http"),
                     ("Q.DAIRY.EXAMPLE/", "Q.DAIRY.EXAMPLE:8443/a/")]:
        user.verify(code.replace(old, new), "issued")
    path, query = code.split("?")
    parts = query.split("&")
    for order in [parts[::-1], parts[1:] + parts[:1]]:
        user.verify(path + "?" + "&".join(order), "issued")
    value = parts[-1][2:]
    other = user.stamp("--gtin", GTIN, "--lot", "A7", "--serial", "1002", "--expiry", "291231", "--market", "CN").text.strip()
    user.verify(path + "?" + "&".join(parts[:-1] + [other.split("&")[-1]]), "forged")
    for place in range(13, 116, 9):
        letter = "A" if value[place] != "A" else "B"
        changed = code[:-116] + value[:place] + letter + value[place + 1:]
        result = user.run("stamp", "verify", changed, *user.trust, "--json", code=1 if place < 115 else 2, silent=True)
        check("a changed signature is forged", place == 115 or result.json()["verdict"] == "forged", result.text)
    for text, says in [(code + "#x", "#"), (code.replace("&S=", "&s="), "not signed"), (code + "&S=" + value, "two"), (code[:-1], "116"),
                       (code.replace(value, value.lower()), "116"), (path, "no signature"), (code + "&utm=1", "not signed"),
                       ("https://example.com/", "stamp"), (code.replace(GTIN, GTIN[:-1] + "9"), "check digit")]:
        user.run("stamp", "verify", text, *user.trust, code=2, says=says)
    thief = user.stamp("--gtin", GTIN, "--lot", "A7", "--serial", "1001", signer="thief.pem").text.strip()
    user.verify(thief, "unknownKey")
    foreign = user.stamp("--gtin", GTIN, "--lot", "A7", "--serial", "1001", signer="other.pem").text.strip()
    user.verify(foreign, "unknownKey")
    user.verify(code, "unknownKey", trust=[])
    user.verify(code, "issued", trust=["--issuer-key", "dairy.pem"])
    user.verify(code, "expired", "--now", "2030-01-01T00:00:00Z")
    user.verify(code, "issued", "--now", "2029-12-31T23:59:59Z")
    zh = user.run("stamp", "verify", code, *user.trust, "--language", "zh").text
    check("in Chinese", "拍照" in zh, zh)
    user.write("can.txt", code + "\n")
    check("verify knows a stamp", user.run("verify", "can.txt", *user.trust, "--json").json()["verdict"] == "issued")
    user.run("stamp", "verify", "-", *user.trust, stdin=code.encode())


def noise(user, code):
    """Whatever is no stamp is exit 2, in one line, and never anything else."""
    generator = random.Random(7)
    lengths = sorted({1, 7, 8, 9, 100, 2047, 2048, 2049, 65_535, 65_536} | {generator.randrange(65_536) for _ in range(20)})
    for length in lengths:
        user.write("noise.txt", (code + "A" * 65_536)[:length] if length != len(code) else code + "A")
        user.run("stamp", "verify", "noise.txt", *user.trust, code=2, says="noise.txt")
        user.write("noise.bin", bytes(generator.randrange(256) for _ in range(min(length, 4096))))
        user.run("stamp", "verify", "noise.bin", *user.trust, code=2)
        user.run("item", "activate", "--code-file", "noise.bin", "--stamp", code, "--item-proof", "noise.bin", "--offline", "-o", "x", code=2)
    png = bytearray((user.home / "one.png").read_bytes())
    for _ in range(20):
        changed = bytearray(png)
        changed[generator.randrange(8, len(png))] ^= 1 << generator.randrange(8)
        user.write("noise.png", bytes(changed))
        result = user.run("stamp", "verify", "noise.png", *user.trust, code=2, silent=True)
    user.write("noise.png", bytes(png[:100]))
    user.run("stamp", "verify", "noise.png", *user.trust, code=2, says="noise.png")
    mixed = [code, code.replace("1001", "1002"), "nonsense", code]
    user.write("mixed.txt", "\n".join(mixed))
    result = user.run("stamp", "verify", "mixed.txt", *user.trust, code=1, silent=True)
    check("a line each, and the other one named", [line[0] for line in result.lines] == ["issued", "forged", "issued"] and "line 3" in result.error, result.text + result.error)


def seeds(user):
    user.run("item", "seeds", "--gtin", GTIN, "--lot", "A7", "--expiry", "291231", "--count", "300", "-o", "seeds.csv", says="shred")
    path = user.home / "seeds.csv"
    check("seeds have mode 0600", path.stat().st_mode & 0o777 == 0o600)
    before = path.read_bytes()
    user.run("item", "seeds", "--gtin", GTIN, "--count", "3", "-o", "seeds.csv", code=2, says="never overwritten")
    check("and are never overwritten", path.read_bytes() == before)
    rows = list(csv.DictReader(before.decode().splitlines()))
    check("300 different serials and codes", len({row["serial"] for row in rows}) == len({row["code"] for row in rows}) == 300)
    made = user.run("item", "seeds", "lot.csv", "-o", "given.csv", "--json").json()
    check("item seeds --json", made == {"file": "given.csv", "items": 5000}, made)
    for text, code, says in [(lot(3, rows={1: {"serial": "000000"}}), 1, "line 4: the serial number 000000 stands there twice"),
                             (lot(3, rows={2: {"lot": "A8"}}), 1, "line 4"), (lot(3, rows={2: {"gtin": "1"}}), 1, "column 1 (gtin)"),
                             ("lot\nA\n", 2, "gtin"), ("gtin\n", 2, "no items")]:
        user.write("bad.csv", text)
        user.run("item", "seeds", "bad.csv", "-o", "bad.seeds", code=code, says=says)
        check("nothing is left of a wrong lot", not (user.home / "bad.seeds").exists())
    for arguments in [[], ["--count", "3"], ["lot.csv", "--count", "3"], ["--gtin", GTIN, "--count", "0"]]:
        user.run("item", "seeds", *arguments, "-o", "x.csv", code=2)
    user.run("item", "seeds", "--gtin", GTIN, "--count", "3", "-o", "-", code=2, says="-o FILE")
    path.chmod(0o640)
    user.run("item", "commit", "LEDGER", "seeds.csv", *user.signing("dairy.pem"), "-o", "A7.batch", code=2, says="chmod 600")
    check("nothing was committed with a readable file", not (user.home / "A7.batch").exists())
    path.chmod(0o600)
    user.run("item", "shred", "given.csv", "lot.csv", code=2, says="nothing else is destroyed")
    check("nothing was destroyed", (user.home / "given.csv").exists())
    os.link(user.home / "given.csv", user.home / "linked.csv")
    content = (user.home / "given.csv").read_bytes()
    user.run("item", "shred", "given.csv", says="flash")
    rest = (user.home / "linked.csv").read_bytes()
    check("the bytes are gone, not only the name", len(rest) == len(content) and rest[:1000] != content[:1000] and not (user.home / "given.csv").exists())
    user.run("item", "shred", "given.csv", code=2, says="no such file")
    return rows


def committing(user, rows):
    made = user.run("item", "commit", "LEDGER", "seeds.csv", *user.signing("dairy.pem"), "-o", "A7.batch", "--json").json()
    check("item commit --json", set(made) == {"index", "leafHash", "duplicate", "items", "file"} and made["items"] == 300 and not made["duplicate"], made)
    again = user.run("item", "commit", "LEDGER", "seeds.csv", *user.signing("dairy.pem"), "-o", "A7.batch", "--json").json()
    check("again finds the same entry", again == {**made, "duplicate": True}, again)
    check("the batch file is its owner's", (user.home / "A7.batch").stat().st_mode & 0o777 == 0o600)
    batch = (user.home / "A7.batch").read_bytes()
    check("no code is in it", not any(row["code"].encode() in batch for row in rows))
    check("one entry for all", user.run("checkpoint", "LEDGER", "--json").json()["size"] == made["index"] + 1)
    user.run("item", "seeds", "--gtin", GTIN, "--lot", "A9", "--count", "5", "-o", "small.csv")
    user.run("item", "commit", "LEDGER", "small.csv", *user.signing("dairy.pem"), "-o", "A7.batch", code=2, says="other seeds")
    event = {"type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00.000+08:00", "eventTimeZoneOffset": "+08:00", "action": "ADD",
             "bizStep": "commissioning", "quantityList": [{"epcClass": f"https://id.gs1.org/01/{GTIN}/10/A9", "quantity": 5}]}
    for change, says in [({"action": "OBSERVE"}, "ADD"), ({"quantityList": [{"epcClass": f"https://id.gs1.org/01/{GTIN}/10/A7", "quantity": 5}]}, "another lot"),
                         ({"quantityList": [{"epcClass": f"https://id.gs1.org/01/{OTHER_GTIN}/10/A9", "quantity": 5}]}, "product")]:
        user.write("event.json", document({**event, **change}))
        user.run("item", "commit", "LEDGER", "small.csv", *user.signing("dairy.pem"), "--event", "event.json", "-o", "A9.batch", code=1, says=says)
        check("no batch of a refused event", not (user.home / "A9.batch").exists())
    user.write("event.json", document(event))
    user.run("item", "commit", "LEDGER", "small.csv", *user.signing("dairy.pem"), "--event", "event.json", "-o", "A9.batch")
    user.run("item", "commit", "LEDGER", "lot.csv", *user.signing("dairy.pem"), "-o", "x.batch", code=2)
    small = (user.home / "small.csv").read_text().splitlines()
    user.write("wrong.csv", "\n".join(small[:2] + [small[2][:-1] + ("A" if small[2][-1] != "A" else "B")]) + "\n").chmod(0o600)
    user.run("item", "commit", "LEDGER", "wrong.csv", *user.signing("dairy.pem"), "-o", "x.batch", code=1, says="line 3, column 4 (code)")
    user.run("item", "pack", "LEDGER", "A7.batch", "-o", "A7.pack", says="300 items")
    size = (user.home / "A7.pack").stat().st_size
    check("under 60 bytes an item", size < 300 * 60, size)
    user.run("item", "prove", "LEDGER", "A7.batch", rows[3]["serial"], "-o", "can.proof")
    user.run("item", "prove", "LEDGER", "A7.batch", rows[4]["serial"], "-o", "next.proof")
    user.run("item", "prove", "LEDGER", "A7.batch", "NONE", "-o", "x.proof", code=2, says="no item")
    for file, kind in [("can.proof", "item proof"), ("A7.pack", "batch pack")]:
        report = user.run("verify", file, *user.trust, "--json").json()
        check(f"verify knows a {kind}", report["type"] == kind and report["verdict"] == "issuedAndLogged", report)
    proof = (user.home / "can.proof").read_bytes()
    check("a proof tells of no neighbour", not any(row["serial"].encode() in proof for row in rows if row is not rows[3]))
    return made


def opening(user, rows, made):
    code = user.stamp("--gtin", GTIN, "--lot", "A7", "--serial", rows[3]["serial"], "--expiry", "291231").text.strip()
    item = f"(01){GTIN}(21){rows[3]['serial']}"
    user.write("code.txt", rows[3]["code"].lower() + "\n")
    report = user.verify(code, "issuedAndLogged", "--item-proof", "can.proof")
    check("where it is", report["batch"]["index"] == made["index"] and report["batch"]["count"] == 300, report["batch"])
    user.verify(code, "issuedAndLogged", "--pack", "A7.pack")
    user.verify(code, "secretMatches", "--pack", "A7.pack", "--code-file", "code.txt")
    user.verify(code, "secretMatches", "--item-proof", "can.proof", "--code", rows[3]["code"])
    user.verify(code, "issued", "--code", rows[3]["code"])
    user.verify(code, "issued", "--item-proof", "next.proof")
    user.verify(code, "forged", "--item-proof", "can.proof", "--code", rows[4]["code"])
    user.run("stamp", "verify", code, "--code", rows[3]["code"][:-1] + ("1" if rows[3]["code"][-1] != "1" else "0"), code=2, says="check character")
    stranger = user.stamp("--gtin", GTIN, "--lot", "A7", "--serial", "NEVERMADE", "--expiry", "291231").text.strip()
    user.verify(stranger, "notInLedger", "--pack", "A7.pack")
    user.run("stamp", "verify", "lot.txt", "--code", rows[3]["code"], code=2, says="one hidden code")
    changed = bytearray((user.home / "can.proof").read_bytes())
    changed[-1] ^= 1
    user.write("changed.proof", bytes(changed))
    user.verify(code, "forged", "--item-proof", "changed.proof")

    # Opened, and opened again by whoever has a copy.
    give = ["--stamp", code, "--item-proof", "can.proof"]
    user.run("item", "activate", rows[4]["code"], *give, "--to", "LEDGER", code=1, says="another pack")
    user.run("item", "activate", rows[3]["code"], "--stamp", code, "--item-proof", "next.proof", "--to", "LEDGER", code=1, says="the proof of")
    user.run("item", "activate", rows[3]["code"], "--stamp", code, "--to", "LEDGER", code=2, says="--item-proof")
    user.run("item", "activate", rows[3]["code"], "--stamp", code, "--item-proof", "changed.proof", "--to", "LEDGER", code=1, says="altered")
    first = user.run("item", "activate", "--code-file", "code.txt", *give, "--to", "LEDGER", "-o", "first", "--json").json()
    check("item activate --json", set(first) == {"status", "item", "ledger", "index", "leafHash", "first", "receipt"} and first["first"] is True, first)
    user.run("item", "activate", "--code-file", "code.txt", *give, "--to", "LEDGER", "-o", "first", code=2, says="item send")
    user.run("item", "activate", rows[3]["code"], "--stamp", code, "--pack", "A7.pack", "--offline", "-o", "second")
    later = user.run("item", "send", "second", "--to", "LEDGER", "--json").json()
    check("a second opening is a later one", later[0]["first"] is False and later[0]["index"] == first["index"] + 1, later)
    check("sent again it is the same", user.run("item", "send", "second", "first", "--to", "LEDGER", "--json").json()[0] == later[0])
    status = user.run("item", "status", "LEDGER", item, "-o", "history", "--json").json()
    check("item status", status["activations"] == 2 and [entry["kind"] for entry in status["entries"]] == ["activation"] * 2, status)
    seen = ["--item-proof", "can.proof", "--activations", "history"]
    user.verify(code, "alreadyActivated", *seen)
    user.verify(code, "alreadyActivated", *seen, "--own", "second")
    mine = user.verify(code, "secretMatches", *seen, "--own", "first", "--code", rows[3]["code"])
    check("both openings are told", len(mine["activations"]) == 2 and {part["part"] for part in mine["freshness"]} == {"registry", "batch", "activations"}, mine)
    user.run("verify", "first", *user.trust, code=2, silent=True)
    away = user.run("item", "activate", rows[3]["code"], *give, "--to", "http://127.0.0.1:1", "-o", "third", code=3, says="item send third")
    check("what could not be sent is kept", (user.home / "third").exists())
    user.run("init", "OTHER", "--origin", "example.com/other", "--key", "other-ledger.pem")
    user.run("item", "send", "third", "--to", "OTHER", code=1, says="for the ledger")
    user.run("fsck", "LEDGER")
    return code


def voiding(user, rows):
    item = f"(01){GTIN}(21){rows[5]['serial']}"
    why = ["--reason", "label torn", *user.signing("dairy.pem")]
    made = user.run("item", "void", "LEDGER", item, "--replace", "NEW0001", *why, "--json").json()
    check("two events", len(made) == 2 and made[0]["index"] + 1 == made[1]["index"], made)
    events = user.run("export", "LEDGER", "--from", made[0]["index"], "--to", made[1]["index"] + 1).json()["epcisBody"]["eventList"]
    check("the old one ends", events[0]["action"] == "DELETE" and events[0]["bizStep"] == "decommissioning" and events[0]["traceledger:reason"] == "label torn", events)
    check("the new one names it", events[1]["action"] == "ADD" and events[1]["traceledger:replaces"].endswith("/21/" + rows[5]["serial"]), events)
    status = user.run("item", "status", "LEDGER", item)
    check("status tells it", any("decommissioning" in line for line in status.lines), status.text)
    user.write("void.csv", f"gtin,serial,replacement\n{GTIN},{rows[6]['serial']},\n{GTIN},{rows[7]['serial']},NEW0002\n")
    check("a table", len(user.run("item", "void", "LEDGER", "void.csv", *why).lines) == 3)
    user.write("void.csv", f"gtin,serial\n{GTIN},a b\n")
    user.run("item", "void", "LEDGER", "void.csv", *why, code=1, says="line 2")
    user.run("item", "void", "LEDGER", f"(01){GTIN}", *why, code=2, says="no item")
    user.run("item", "void", "LEDGER", item, "--replace", "a b", *why, code=2)


def recalling(user, code, rows):
    user.run("recall", "pack", "LEDGER", "-o", "none.pack", says="0 recalls")
    user.verify(code, "issuedAndLogged", "--item-proof", "can.proof", "--recalls", "none.pack")
    words = ["--reason", "Metal found.", "--instruction", "Bring it back.", *user.signing("dairy.pem")]
    opened = user.run("recall", "open", "LEDGER", "--id", "R1", "--class", "1", "--scope", f"(01){GTIN}(10)A7", *words, "--json").json()
    check("recall open --json", set(opened) == {"index", "leafHash", "duplicate", "id", "class", "opened", "startBy"}, opened)
    time.sleep(1.1)
    again = user.run("recall", "open", "LEDGER", "--id", "R1", "--class", "1", "--scope", f"(01){GTIN}(10)A7", *words, "--json").json()
    check("a retry opens nothing", again == {**opened, "duplicate": True}, again)
    user.run("recall", "open", "LEDGER", "--id", "R1", "--class", "2", "--scope", f"(01){GTIN}(10)A7", *words, code=1, says="another content")
    user.run("recall", "open", "LEDGER", "--id", "R2", "--class", "3", "--scope", f"(01){GTIN}", "--serials", "000100..000199", *words)
    for wrong, says in [(["--class", "4", "--scope", f"(01){GTIN}"], "1, 2 or 3"), (["--class", "1", "--scope", "(21)1"], "--scope"),
                        (["--class", "1", "--scope", f"(01){GTIN}", "--serials", "2..1"], "A..B")]:
        user.run("recall", "open", "LEDGER", "--id", "R9", *wrong, *words, code=2, says=says)
    user.run("recall", "pack", "LEDGER", "OTHER", "-o", "recalls.pack", says="2 recalls")
    check("a few kilobytes", (user.home / "recalls.pack").stat().st_size < 5000)
    user.run("recall", "pack", "LEDGER", "-o", "recalls.pack")
    report = user.verify(code, "recalled", "--item-proof", "can.proof", "--code", rows[3]["code"], "--recalls", "recalls.pack")
    check("what to do is told", report["recalls"][0]["instruction"] == "Bring it back." and report["recalls"][0]["class"] == 1, report["recalls"])
    for serial, verdict in [("000100", "recalled"), ("000199", "recalled"), ("000200", "issued"), ("150", "issued")]:
        other = user.stamp("--gtin", GTIN, "--lot", "B1", "--serial", serial).text.strip()
        user.verify(other, verdict, "--recalls", "recalls.pack")
    check("verify knows a recall pack", user.run("verify", "recalls.pack", *user.trust, "--json").json()["verdict"] == "issuedAndLogged")
    text = user.run("recall", "--help").text
    check("what is not there is not mentioned", not re.search("drill|progress|close", text), text)


def revoking(user, code):
    """A stamp has no place in a ledger: once its key is revoked, only a proof from before helps."""
    user.run("enrol", "revoke", "REG", "--signer", "authority.pem", "--party", GLN, "--party-key", "dairy.pem", "--ledger", "LEDGER")
    user.run("enrol", "pack", "build", "REG", "-o", "revoked.pack")
    trust = ["--policy", "policy", "--registry", "revoked.pack"]
    user.verify(code, "keyRevoked", trust=trust)
    user.verify(code, "keyRevoked", "--item-proof", "can.proof", trust=trust)
    report = user.verify(code, "issuedAndLogged", "--item-proof", "can.proof", trust=user.trust)
    check("under the older registry nothing is known of it", report["registry"]["size"] < 10)


def main(binaries):
    with tempfile.TemporaryDirectory() as directory:
        user = Dairy(binaries, directory)
        for command in ["stamp", "item", "recall", "stamp create", "stamp qr", "stamp verify", "item seeds", "item shred", "item commit", "item pack",
                        "item prove", "item void", "item activate", "item send", "item status", "recall open", "recall pack"]:
            text = user.run(*command.split(), "--help").text
            check(f"--help of {command} has an example", "Example" in text, text)
        user.prepare()
        code = creating(user)
        lots(user)
        drawing(user, code)
        altering(user, code)
        noise(user, code)
        rows = seeds(user)
        made = committing(user, rows)
        opened = opening(user, rows, made)
        voiding(user, rows)
        recalling(user, opened, rows)
        revoking(user, opened)
    print(f"{commands.passed} passed, {commands.failed} failed")
    return 1 if commands.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

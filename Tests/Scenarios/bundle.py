"""Runs `traceledger bundle` as its users do: an enterprise makes evidence of an item, a lot and a range, and a regulator
checks it with a policy and a registry. usage: bundle.py BINARIES"""

import csv
import html.parser
import io
import sys
import tempfile

import commands
from commands import GLN, User, check, document, event
from mirror import Server

ITEM, LOT = "(01)09521101530018(21)3", "(01)09521101530018(10)A7"
ROW = {"verdict", "reason", "origin", "index", "leafHash", "issuer", "issuerName", "kid", "issuedAt", "seenAt", "type",
       "eventTime", "action", "bizStep", "disposition", "readPoint", "bizLocation", "subject", "eventID"}
EVIL = "https://example.com/<script>alert(1)</script>\u202e"


class Page(html.parser.HTMLParser):
    """What a browser would make of it: the tags, and whatever would be fetched or run."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.active = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        names = {name for name, _ in attributes}
        if tag in {"script", "link", "img", "iframe", "object", "form", "a", "base"} or names & {"src", "href"} or any(
                name.startswith("on") for name in names):
            self.active.append(tag)


def two_ledgers(user):
    for name in ["registry", "authority", "farm", "farm-ledger", "dairy", "dairy-ledger"]:
        user.run("key", "generate", f"{name}.pem")
    vkeys = []
    for name in ["farm", "dairy"]:
        user.run("init", name.upper(), "--origin", f"example.com/{name}", "--key", f"{name}-ledger.pem")
        vkeys.append(user.run("key", "show", f"{name}-ledger.pem", "--format", "vkey", "--name",
                              f"example.com/{name}").text.strip())
    user.run("enrol", "authority", "init", "REG", "--origin", "registry.example", "--key", "registry.pem", "--signer",
             "authority.pem", "--party", "9521100000000", "--name", "en=Authority")
    vkeys.append(user.run("key", "show", "registry.pem", "--format", "vkey", "--name", "registry.example").text.strip())
    user.write("policy", "".join(f"log {key}\n" for key in vkeys) + "quorum none\n")
    user.run("enrol", "request", "--registry", "registry.example", "--party", GLN, "--key", "farm.pem", "--name",
             "zh=青山牧场", "--name", "en=<b>Farm</b>", "-o", "farm.request")
    user.run("enrol", "approve", "REG", "farm.request", "--signer", "authority.pem")
    user.run("enrol", "pack", "build", "REG", "-o", "registry.pack")

    made = [event(number % 7) for number in range(20)]
    for number, shipped in enumerate(made):
        shipped["eventTime"] = f"2026-03-{number + 1:02}T08:00:00.000+08:00"
    lot = {"quantityList": [{"epcClass": "urn:epc:class:lgtin:9521101.053001.A7", "quantity": 5, "uom": "KGM"}]}
    made.append({key: value for key, value in event(0, **lot).items() if key != "epcList"})
    made.append(event(900, action="ADD", bizStep="commissioning", ilmd={"cbvmda:lotNumber": "A7"}))
    made.append(event(901, action="ADD", bizStep="commissioning", ilmd={"cbvmda:lotNumber": "A8"}))
    made.append(event(902, readPoint={"id": EVIL}, bizStep="=HYPERLINK(\"https://example.com\")"))
    user.write("farm.json", document(*made))
    user.run("append", "FARM", "farm.json", "--signer", "farm.pem", "--issuer", GLN, "--validate", "off")
    user.write("dairy.json", document(event(3, eventTime="2026-04-01T08:00:00.000+08:00"), event(5)))
    user.run("append", "DAIRY", "dairy.json", "--signer", "dairy.pem", "--issuer", "9521101000016")
    return vkeys


def creating(user):
    trust = ["--policy", "policy", "--registry", "registry.pack"]
    made = user.run("bundle", "create", "FARM", "DAIRY", "--epc", ITEM, *trust, "-o", "item.bundle",
                    says="example.com/farm: 3 statements")
    check("create says of each ledger what went in", "example.com/dairy: 1 statements" in made.error, made.error)
    for spelling in ["urn:epc:id:sgtin:9521101.053001.3", "https://id.gs1.org/01/09521101530018/21/3"]:
        same = user.run("bundle", "create", "FARM", "DAIRY", "--epc", spelling, *trust).out
        check(f"the same from {spelling}", same == (user.home / "item.bundle").read_bytes())
    user.run("bundle", "create", "FARM", "--lot", LOT, *trust, "-o", "lot.bundle", says="2 statements")
    user.run("bundle", "create", "DAIRY", "FARM", "--lot", LOT, *trust, "-o", "-", says="DAIRY: nothing there")
    user.run("bundle", "create", "FARM", "--index", "3..6", *trust, "-o", "range.bundle", says="3 statements")
    user.run("bundle", "create", "FARM", "--index", "24", *trust, "-o", "evil.bundle", says="1 statements")
    user.run("bundle", "create", "FARM", "--index", "0..25", "-o", "all.bundle", says="25 statements with 0 hashes")
    for wrong, says in [(["--epc", ITEM, "--lot", LOT], "one of"), ([], "one of"), (["--index", "6..3"], "below"),
                        (["--index", "3-6"], "A..B"), (["--index", "0..99"], "0 to before 25"),
                        (["--epc", "nonsense"], "element string"),
                        (["--epc", "(01)09521101530018(21)77"], "no ledger has")]:
        user.run("bundle", "create", "FARM", *wrong, "-o", "wrong.bundle", code=2, says=says)
    user.run("bundle", "create", "FARM", "DAIRY", "--index", "1..2", code=2, says="one ledger")
    user.run("bundle", "create", "FARM", "--index", "1..2", "--policy", "policy", "-o", "policy", code=2, says="reads this")
    check("nothing was written", not (user.home / "wrong.bundle").exists())


def over_http(user, vkeys):
    server = Server(user.home)
    trust = ["--policy", "policy", "--registry", "registry.pack"]
    user.run("bundle", "create", f"{server.url}/FARM", f"{server.url}/DAIRY", "--epc", ITEM, *trust, "-o", "http.bundle")
    check("the same from URLs", (user.home / "http.bundle").read_bytes() == (user.home / "item.bundle").read_bytes())
    user.run("bundle", "create", f"{server.url}/FARM", "--index", "1..2", "--log-key", vkeys[1], code=1, says="origin")
    server.bent["tile/0/000.p/25"] = lambda handler, content: handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content[:-1] + bytes([content[-1] ^ 1]))
    user.run("bundle", "create", f"{server.url}/FARM", "--index", "1..2", "-o", "wrong.bundle", code=1, says="FARM")
    check("no bundle from a lying server", not (user.home / "wrong.bundle").exists())
    server.stop()


def verifying(user, vkeys):
    trust = ["--policy", "policy", "--registry", "registry.pack"]
    user.run("bundle", "verify", "lot.bundle", *trust)
    user.run("bundle", "verify", "lot.bundle", "--policy", "policy", "--registry-origin", "registry.example")
    none = user.run("bundle", "verify", "lot.bundle", code=2, silent=True)
    policy = user.run("bundle", "policy", "lot.bundle", "-o", "policy.copy").error.split()[-1]
    check("without a policy the digest of the one inside is told", policy in none.text, none.text)
    check("the policy comes out as it was", (user.home / "policy.copy").read_bytes()
          == (user.home / "policy").read_bytes())
    user.run("bundle", "policy", "all.bundle", code=2, says="no policy")
    user.run("bundle", "verify", "lot.bundle", "--policy", "policy", code=2, silent=True)
    user.run("bundle", "verify", "lot.bundle", "--policy", "policy", "--registry-origin", "example.com/farm", code=2,
             silent=True)
    user.run("bundle", "verify", "lot.bundle", *trust, "--registry-origin", "registry.example", code=2, says="which")
    user.run("bundle", "verify", "lot.bundle", "--log-key", vkeys[0], "--issuer-key", f"{GLN}=farm.pem")

    item = user.run("bundle", "verify", "item.bundle", *trust, "--json", code=2, silent=True).json()
    check("the keys of verify, and rows", {"file", "type", "verdict", "exit", "steps", "unchecked", "rows"} <= set(item))
    check("the keys of a row", all(set(row) == ROW for row in item["rows"]), item["rows"])
    check("a verdict for each row", [(row["origin"], row["verdict"]) for row in item["rows"]]
          == [("example.com/dairy", "unknownKey")] + [("example.com/farm", "issuedAndLogged")] * 3, item["rows"])
    check("who it is", item["rows"][1]["issuerName"] == "<b>Farm</b> / 青山牧场", item["rows"][1])
    check("the dairy is in no registry", "9521101000016" in item["rows"][0]["reason"], item["rows"][0])
    good = user.run("bundle", "verify", "item.bundle", *trust, "--issuer-key", "dairy.pem", "--format", "json").json()
    check("with the dairy's key all is well", good["verdict"] == "issuedAndLogged" and good["exit"] == 0, good)

    verify = user.run("verify", "lot.bundle", *trust, "--json").json()
    bundle = user.run("bundle", "verify", "lot.bundle", *trust, "--json").json()
    check("verify says the same as bundle verify", verify == bundle)
    shown = user.run("inspect", "lot.bundle", "--json").json()
    check("inspect", shown["type"] == "evidence bundle" and len(shown["ledgers"][0]["entries"]) == 2, shown)
    user.run("verify", "range.bundle", *trust)


def tables_and_pages(user):
    trust = ["--policy", "policy", "--registry", "registry.pack"]
    table = user.run("bundle", "verify", "evil.bundle", "lot.bundle", *trust, "--format", "csv").out.decode()
    rows = list(csv.reader(io.StringIO(table, newline="")))
    check("CSV has a head and three rows of one length", len(rows) == 4 and len({len(row) for row in rows}) == 1, rows)
    check("CSV's columns are the keys of a row", set(rows[0]) == ROW | {"file"}, rows[0])
    cell = rows[1][rows[0].index("bizStep")]
    check("no cell is a formula", cell.startswith("'=HYPERLINK") and not any(
        text[:1] in {"=", "+", "-", "@", "\t"} for row in rows for text in row), cell)
    check("no text turns the direction of writing", "\u202e" not in user.run("bundle", "verify", "evil.bundle", *trust).text)
    user.run("bundle", "verify", "evil.bundle", *trust, "--format", "html", "-o", "evil.html")
    text = (user.home / "evil.html").read_text()
    page = Page(text)
    check("the page fetches and runs nothing", not page.active and "<script" not in text, page.active)
    check("names are text", "&lt;b&gt;Farm&lt;/b&gt;" in text and "\u202e" not in text)
    check("the page is in two languages", "结论" in text and "Verdict" in text and "prefers-color-scheme: dark" in text)


def attacks(user):
    trust = ["--policy", "policy", "--registry", "registry.pack"]
    whole = (user.home / "lot.bundle").read_bytes()
    other = (user.home / "range.bundle").read_bytes()
    # One statement swapped: with another of the same signer in the same ledger, which has the same length.
    entries = user.run("inspect", "range.bundle", "--json").json()["ledgers"][0]["entries"]
    statements = user.run("export", "FARM", "--from", 3, "--to", 6, "--format", "statements", "-o", "-").out
    lengths = [entry["entry"]["length"] for entry in entries]
    first, second = statements[:lengths[0]], statements[lengths[0]:lengths[0] + lengths[1]]
    check("both stand in the bundle", first in other and second in other and len(first) == len(second))
    swapped = other.replace(first, b"\0" * len(first)).replace(second, first).replace(b"\0" * len(first), second)
    user.write("swapped.bundle", swapped)
    report = user.run("bundle", "verify", "swapped.bundle", *trust, "--json", code=1, silent=True).json()
    check("a bundle with one statement swapped is forged", report["verdict"] == "forged"
          and all(row["verdict"] == "forged" for row in report["rows"]), report)
    user.write("twice.bundle", other.replace(second, first))
    user.run("bundle", "verify", "twice.bundle", *trust, code=1, silent=True)
    for cut in [0, 1, 40, len(whole) // 2, len(whole) - 1]:
        user.write("cut.bundle", whole[:cut])
        user.run("bundle", "verify", "cut.bundle", *trust, code=2, says="cut.bundle: ")
    # What is forged does not hide behind what is unreadable or missing.
    for order in [["cut.bundle", "swapped.bundle"], ["swapped.bundle", "cut.bundle"], ["item.bundle", "swapped.bundle"]]:
        user.run("bundle", "verify", *order, *trust, code=1, silent=True)
    user.run("bundle", "verify", "absent.bundle", code=2, says="no such file")


def after_a_revocation(user):
    user.run("enrol", "revoke", "REG", "--signer", "authority.pem", "--party", GLN, "--party-key", "farm.pem", "--ledger", "FARM")
    user.run("enrol", "pack", "build", "REG", "-o", "revoked.pack")
    trust = ["--policy", "policy", "--registry", "revoked.pack"]
    user.run("bundle", "create", "FARM", "--epc", ITEM, *trust, "-o", "before.bundle", says="entry 24 goes in too")
    report = user.run("bundle", "verify", "before.bundle", *trust, "--json").json()
    check("what was there up to the last good entry counts", [row["index"] for row in report["rows"]] == [4, 11, 18, 24],
          report["rows"])
    user.run("append", "FARM", "dairy.json", "--signer", "farm.pem", "--issuer", GLN)
    user.run("bundle", "create", "FARM", "--epc", ITEM, *trust, "-o", "after.bundle")
    report = user.run("bundle", "verify", "after.bundle", *trust, "--json", code=1, silent=True).json()
    check("what the key signed later does not", [(row["index"], row["verdict"]) for row in report["rows"]]
          == [(index, "issuedAndLogged") for index in (4, 11, 18, 24)] + [(25, "keyRevoked")], report["rows"])
    old = user.run("bundle", "verify", "after.bundle", "--policy", "policy", "--registry", "registry.pack", "--json").json()
    check("with an older registry nothing is known of it", old["verdict"] == "issuedAndLogged"
          and old["registry"]["size"] == 3, old["registry"])


def main(binaries):
    with tempfile.TemporaryDirectory() as directory:
        user = User(binaries, directory)
        for command in [[], ["create"], ["verify"], ["policy"]]:
            text = user.run("bundle", *command, "--help").text
            check(f"--help of bundle {command} has an example", "Example" in text, text)
        vkeys = two_ledgers(user)
        creating(user)
        over_http(user, vkeys)
        verifying(user, vkeys)
        tables_and_pages(user)
        attacks(user)
        after_a_revocation(user)
    print(f"{commands.passed} passed, {commands.failed} failed")
    return 1 if commands.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

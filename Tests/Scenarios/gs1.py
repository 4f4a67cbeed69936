"""Runs `traceledger gs1` as its users do: one key in every spelling, each exit code, the JSON keys, lines from standard
input, and a table of bad input. usage: gs1.py BINARIES"""

import sys
import tempfile

import commands
from commands import User, check

GTIN = "09506000134352"
SPELLINGS = [
    (f"(01){GTIN}(21)123", "element-string"),
    (f"(21)123(01){GTIN}", "element-string"),
    (f"01{GTIN}21123", "scan-data"),
    (f"^21123^01{GTIN}", "scan-data"),
    (f"]d201{GTIN}21123", "scan-data"),
    (f"]C121123\x1d01{GTIN}", "scan-data"),
    (f"]Q1https://id.gs1.org/01/{GTIN}/21/123", "scan-data"),
    (f"https://id.gs1.org/01/{GTIN}/21/123", "digital-link"),
    (f"https://brand.example/a/gtin/{GTIN[1:]}/ser/123?linkType=gs1:pip#x", "digital-link"),
    ("urn:epc:id:sgtin:9506000.013435.123", "urn"),
    ("30364433400D1EC00000007B", "epc-binary"),
    ("30364433400d1ec00000007b", "epc-binary"),
    ("F7009506000134352031EC00", "epc-binary"),
]
KEYS = {
    "parse": {"input", "kind", "symbology", "stem", "parameters", "fragment", "scheme", "filter", "bits", "hostname",
              "companyPrefixLength", "elements", "elementString", "digitalLink", "urn"},
    "check": {"input", "kind", "valid", "problems"},
    "link": {"input", "digitalLink"},
    "urn": {"input", "urn", "companyPrefixLength"},
    "binary": {"input", "hexadecimal", "scheme", "filter", "bits", "companyPrefixLength"},
}
# What is given, the exit code of `check` and of `parse`, and what one of them says.
BAD = [
    ("(01)09506000134351", 1, "it should be 2"),
    ("(01)0950600013435", 1, "too short"),
    (f"(01){GTIN}(10)A B", 1, "character set 82"),
    (f"(01){GTIN}(10)\x1b[2J", 1, "character set 82"),
    (f"(01){GTIN}(17)261331", 1, "no such month"),
    (f"(01){GTIN}(17)260231", 1, "no such day"),
    ("(9999999)1", 1, "not an element string"),
    ("(01", 1, "not an element string"),
    (f"]C101{GTIN[:-1]}1", 1, "it should be 2"),
    ("]E09506000134351", 1, "EAN, UPC"),
    ("]C1", 1, "no elements"),
    ("]Q1TEXT", 2, "no GS1 identifier"),
    ("]Y0123", 2, "symbology"),
    ("]", 2, "symbology"),
    ("9506000134352", 2, "GTIN"),
    ("https://id.gs1.org/01/09506000134351", 1, "it should be 2"),
    ("https://id.gs1.org/01/0950600013435%", 1, ""),
    (f"https://id.gs1.org/01/{GTIN}?10=A", 1, "qualifier"),
    (f"https://id.gs1.org/01/{GTIN}/10/", 1, "no value"),
    ("urn:epc:id:sgtin:95060.00013435.1", 1, "it has 5"),
    ("urn:epc:id:sgtin:9506000.01343.1", 1, "5 digits behind 7 of the company prefix, where 6 are needed"),
    ("urn:epc:id:sgtin:9506000.013435", 1, "2 between points where sgtin has 3"),
    ("urn:epc:id:sgtin:9506000.013435.A/B", 1, "must escape"),
    ("urn:epc:idpat:sgtin:9506000.013435.1", 1, "star"),
    ("urn:epc:tag:sgtin-96:3.9506000.013435.1", 1, "names no object"),
    ("urn:epc:id:cpi:9506000.AB.012", 1, "leading zero"),
    ("urn:epc:id:usdod:2S194.12345678901", 2, "no GS1 identifier"),
    ("https://example.com/", 2, "no GS1 identifier"),
    ("https://", 2, "no GS1 identifier"),
    ("https://example.com/examples", 2, "no GS1 identifier"),
    ("https://example.com/exMBZFlvQMDly-mRq", 1, "bit "),
    ("ehZZ", 2, "no GS1 identifier"),
    ("eh30164596f40c0e5cbe991a8", 1, "bit "),
    ("urn:epc:id:sgtin:9506000.0134350.1", 1, "7 digits behind 7 of the company prefix, where 6 are needed"),
    ("urn:epc:id:nothing:1.2", 1, "no such scheme"),
    ("urn:uuid:00000000-0000-4000-8000-000000000001", 2, "no GS1 identifier"),
    ("30364433400D1EC00000007", 1, "bit 58"),
    ("F7009506000134351031EC00", 1, ""),
    ("hello", 2, "no GS1 identifier"),
    ("", 2, "no GS1 identifier"),
    ("é", 2, "no GS1 identifier"),
]


def every_spelling(user):
    """Whatever a key is spelt as, it is the same key, and comes out in the same spellings."""
    for text, kind in SPELLINGS:
        said = user.run("gs1", "parse", text, "--json").json()
        check(f"keys of parse {text!r}", set(said) == KEYS["parse"], said)
        check(f"{text!r} is {kind}", said["kind"] == kind, said)
        elements = sorted((element["ai"], element["value"], element["title"]) for element in said["elements"])
        check(f"elements of {text!r}", elements == [("01", GTIN, "GTIN"), ("21", "123", "SERIAL")], said)
        check(f"link of {text!r}", said["digitalLink"] == f"https://id.gs1.org/01/{GTIN}/21/123", said)
        knows = said["companyPrefixLength"] is not None
        check(f"a URN exactly where the length is known: {text!r}",
              (said["urn"] == "urn:epc:id:sgtin:9506000.013435.123") == knows and (said["urn"] is None) != knows, said)
        check(f"link {text!r}", user.run("gs1", "link", text).text.strip() == said["digitalLink"])
        length = [] if knows else ["--company-prefix-length", 7]
        check(f"urn {text!r}", user.run("gs1", "urn", text, *length).text == "urn:epc:id:sgtin:9506000.013435.123\n")
        tag = user.run("gs1", "binary", text, "--scheme", "sgtin-96", "--filter", 1, *length).text
        check(f"binary {text!r}", tag == "30364433400D1EC00000007B\n", tag)
        # Short names and short GTINs are read, but they are not right.
        sloppy = "/gtin/" in text
        user.run("gs1", "check", text, code=1 if sloppy else 0, silent=True)


def parsing(user):
    said = user.run("gs1", "parse", "https://brand.example/a/01/09506000134352/10/L1?17=260200&linkType=gs1:pip#x", "--json")
    said = said.json()
    check("stem, parameters and fragment", (said["stem"], said["parameters"], said["fragment"])
          == ("https://brand.example/a", [{"name": "linkType", "value": "gs1:pip"}], "x"), said)
    check("keys of an element", set(said["elements"][0]) == {"ai", "title", "value", "date", "meaning"}, said)
    expiry = said["elements"][2]
    check("a date with day 00", expiry["date"] == "2026-02-28" and "last of the month" in expiry["meaning"], expiry)
    for text, meaning in [
        (f"(01){GTIN}(7007)260101260201", "2026-01-01 to 2026-02-01"),
        (f"(01){GTIN}(7003)2601011430", "2026-01-01T14:30"),
        (f"(01){GTIN}(8008)260101143015", "2026-01-01T14:30:15"),
        (f"(01){GTIN}(11)991231", "1999-12-31"),
    ]:
        said = user.run("gs1", "parse", text)
        check(f"the date of {text}", said.lines[2][4] == meaning, said.text)
    check("an unknown attribute has no title", ["element", "8999", "X", "-"]
          in user.run("gs1", "parse", f"https://id.gs1.org/01/{GTIN}?8999=X").lines)
    check("a symbology identifier", ["symbology", "]C1"] in user.run("gs1", "parse", f"]C101{GTIN}").lines)
    ean = user.run("gs1", "parse", "]E09506000134352").lines
    check("an EAN-13 is a GTIN", ["element", "01", GTIN, "GTIN"] in ean, ean)
    gid = user.run("gs1", "parse", "urn:epc:id:gid:1.2.3", "--json").json()
    check("a GID has no elements", gid["elements"] == [] and gid["urn"] == gid["input"] and gid["digitalLink"] is None, gid)
    check("a location without extension", user.run("gs1", "parse", "urn:epc:id:sgln:9521101.00000.0", "--json").json()
          ["elementString"] == "(414)9521101000009")


def checking(user):
    said = user.run("gs1", "check", f"(01){GTIN}(10)ABC", "--json").json()
    check("keys of check", set(said) == KEYS["check"] and said["valid"] and said["problems"] == [], said)
    said = user.run("gs1", "check", "(01)09506000134351(17)261331", "--json", code=1, silent=True).json()
    check("every value is checked", [(p["code"], p["ai"], p["position"]) for p in said["problems"]]
          == [("wrong-check-digit", "01", 18), ("no-such-month", "17", 25)] and not said["valid"], said)
    check("keys of a problem", set(said["problems"][0]) == {"code", "ai", "position", "reason", "remedy"}, said)
    check("reason and remedy", all(p["reason"] and p["remedy"] for p in said["problems"]), said)
    said = user.run("gs1", "check", "]C1010950600013435117261331", code=1, silent=True).lines
    check("positions in scan data", [line[:4] for line in said]
          == [["problem", "19", "wrong-check-digit", "01"], ["problem", "24", "no-such-month", "17"]], said)
    lot = user.run("gs1", "check", "(10)ABC", code=1, silent=True).lines
    check("what must stand beside it", lot[0][2] == "required-ai", lot)
    user.run("gs1", "check", "(10)ABC", "--single-symbol")
    old = user.run("gs1", "check", "https://id.gs1.org/gtin/09506000134352", code=1, silent=True).lines
    check("old spellings come with the new one", old[0][2] == "superseded-name" and old[0][5].endswith(f"/01/{GTIN}"), old)
    check("a tag that is cut short", user.run("gs1", "check", "30364433400D1EC00000007", code=1, silent=True).lines[0][2]
          == "malformed-epc")


def writing(user):
    link = user.run("gs1", "link", f"(21)A/B(01){GTIN}(17)261231(10)X", "--json").json()
    check("a canonical link", link["digitalLink"] == f"https://id.gs1.org/01/{GTIN}/10/X/21/A%2FB?17=261231"
          and set(link) == KEYS["link"], link)
    check("--stem", user.run("gs1", "link", f"(01){GTIN}(17)261231", "--stem", "https://a.example/b/").text
          == f"https://a.example/b/01/{GTIN}?17=261231\n")
    user.run("gs1", "link", f"(01){GTIN}", "--stem", "a.example", code=2, says="--stem")
    user.run("gs1", "link", "(10)A", code=1, says="key")
    for text in [f"(01){GTIN}(21)123", "(00)095201234567891235", f"(01){GTIN}(21)A/B(17)261231", "(414)9521141123454(254)A"]:
        short = user.run("gs1", "link", text, "--compress", "--stem", "https://a.example").text.strip()
        check(f"{text} compressed", short.startswith("https://a.example/ex"), short)
        for compressed in [short, short.rsplit("/", 1)[1]]:
            check(f"{compressed} says the same", user.run("gs1", "link", compressed).out == user.run("gs1", "link", text).out)
    user.run("gs1", "link", f"(01){GTIN}(10)A", "--compress", code=2, says="SGTIN+")

    urn = user.run("gs1", "urn", f"(01){GTIN}(21)A(17)261231", "--company-prefix-length", 7, "--json", says="(17)").json()
    check("keys of urn", set(urn) == KEYS["urn"] and urn["urn"] == "urn:epc:id:sgtin:9506000.013435.A", urn)
    check("a class", user.run("gs1", "urn", f"(01){GTIN}", "--company-prefix-length", 7).text
          == "urn:epc:idpat:sgtin:9506000.013435.*\n")
    check("a lot", user.run("gs1", "urn", f"(01){GTIN}(10)L", "--company-prefix-length", 7).text
          == "urn:epc:class:lgtin:9506000.013435.L\n")
    user.run("gs1", "urn", f"(01){GTIN}(21)A", code=2, says="--company-prefix-length")
    user.run("gs1", "urn", f"(01){GTIN}(21)A", "--company-prefix-length", 5, code=2, says="--company-prefix-length")
    user.run("gs1", "urn", f"(01){GTIN}(10)L(21)A", "--company-prefix-length", 7, code=2, says="(10)")
    user.run("gs1", "urn", "30364433400D1EC00000007B", "--company-prefix-length", 8, code=2, says="7 digits")

    tag = user.run("gs1", "binary", f"(01){GTIN}(21)123", "--json").json()
    check("keys of binary", set(tag) == KEYS["binary"] and tag["scheme"] == "SGTIN+"
          and tag["hexadecimal"] == "F7009506000134352031EC00", tag)
    check("binary reads what it wrote", user.run("gs1", "binary", tag["hexadecimal"]).out
          == user.run("gs1", "parse", tag["hexadecimal"]).out)
    check("from one scheme to another", user.run("gs1", "binary", tag["hexadecimal"], "--scheme", "SGTIN-96", "--filter", 1,
          "--company-prefix-length", 7).text == "30364433400D1EC00000007B\n")
    check("attributes are data of the tag", "(17)261231" in user.run("gs1", "parse", user.run(
        "gs1", "binary", f"(01){GTIN}(21)123(17)261231").text.strip()).text)
    dated = user.run("gs1", "binary", f"(01){GTIN}(21)123(17)261231", "--scheme", "DSGTIN+", "--json").json()
    check("a dated tag", dated["scheme"] == "DSGTIN+", dated)
    host = user.run("gs1", "binary", f"https://id.example.com/01/{GTIN}/21/1", "--scheme", "SGTIN++").text.strip()
    check("a hostname", ["hostname", "id.example.com"] in user.run("gs1", "binary", host).lines)
    check("a GID", user.run("gs1", "binary", "urn:epc:id:gid:1.2.3").text == "350000001000002000000003\n")
    user.run("gs1", "binary", f"(01){GTIN}(21)123", "--scheme", "SGTIN-96", code=2, says="--company-prefix-length")
    user.run("gs1", "binary", f"(01){GTIN}(21)0123", "--scheme", "SGTIN-96", "--company-prefix-length", 7, code=2,
             says="leading zero")
    user.run("gs1", "binary", f"(01){GTIN}", code=2, says="SGTIN+")
    user.run("gs1", "binary", f"(01){GTIN}(21)1", "--scheme", "SGTIN-97", code=2, says="SGTIN-96")
    user.run("gs1", "binary", f"(01){GTIN}(21)1", "--filter", 8, code=2, says="--filter")
    user.run("gs1", "binary", "(401)9521141ABC", code=2, says="(401)")


def two_readings(user):
    # The header of SSCC-96, 0x31, is also how a length in metres (3114) begins.
    both = "311400123410123400000000"
    user.run("gs1", "parse", both, code=2, says="--as")
    check("--as scan-data", user.run("gs1", "parse", both, "--as", "scan-data", "--json").json()["kind"] == "scan-data")
    check("--as epc-binary", user.run("gs1", "parse", both, "--as", "epc-binary", "--json").json()["kind"] == "epc-binary")
    user.run("gs1", "parse", both, "--as", "urn", code=1)
    user.run("gs1", "parse", both, "--as", "barcode", code=2, says="one of the following: element-string, scan-data")


def lines(user):
    given = f"(01){GTIN}(21)1\nnope\n(01)09506000134351\r\n\n(21)2(01){GTIN}\n".encode()
    said = user.run("gs1", "link", "-", stdin=given, code=1, says="line 2: ", silent=True)
    check("a line for a line", said.text.split() == [f"https://id.gs1.org/01/{GTIN}/21/1", "-", "-",
                                                     f"https://id.gs1.org/01/{GTIN}/21/2"], said.text)
    check("errors name the line", "line 3: (01)" in said.error, said.error)
    said = user.run("gs1", "link", "-", "--json", stdin=given, code=1, silent=True).json()
    check("an item a line", [set(item) for item in said] == [KEYS["link"], {"input", "error", "exit"},
                                                             {"input", "error", "exit"}, KEYS["link"]]
          and [item.get("exit") for item in said] == [None, 2, 1, None], said)
    said = user.run("gs1", "check", "-", "--json", stdin=given, code=1, silent=True).json()
    check("check of lines", [item.get("valid") for item in said] == [True, None, False, True], said)
    said = user.run("gs1", "parse", "-", stdin=b"(10)A\n(10)B\n").text
    check("parse says what it was given", said.startswith("input\t(10)A\nkind\t") and "\n\ninput\t(10)B\n" in said, said)
    user.run("gs1", "parse", "-", stdin=b"nope\n", code=2, says="line 1", silent=True)
    check("no lines", user.run("gs1", "parse", "-", "--json").json() == [])
    user.run("gs1", "parse", "-", stdin=b"\xff\xfe\n", code=2, silent=True)


def bad_input(user):
    for text, code, says in BAD:
        checked = user.run("gs1", "check", text, code=code, silent=code == 1, says=None if code == 1 else says)
        check(f"check {text!r} says {says!r}", says in checked.text + checked.error, checked.text + checked.error)
        for command in ["parse", "link", "binary"]:
            user.run("gs1", command, text, code=code, says=says)
        user.run("gs1", "urn", text, "--company-prefix-length", 7, code=code, says=says)
        check(f"nothing steers the terminal: {text!r}", b"\x1b" not in checked.out and "\x1b" not in checked.error)
    user.run("gs1", "parse", code=2)
    user.run("gs1", "parse", "(10)A", "(10)B", code=2)
    user.run("gs1", "nothing", "(10)A", code=2)


def main(binaries):
    with tempfile.TemporaryDirectory() as directory:
        user = User(binaries, directory)
        for command in [[], ["parse"], ["check"], ["link"], ["urn"], ["binary"]]:
            text = user.run("gs1", *command, "--help").text
            check(f"--help of gs1 {command} has an example", "Example" in text and "traceledger gs1" in text, text)
        every_spelling(user)
        parsing(user)
        checking(user)
        writing(user)
        two_readings(user)
        lines(user)
        bad_input(user)
    print(f"{commands.passed} passed, {commands.failed} failed")
    return 1 if commands.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

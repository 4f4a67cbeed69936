"""GS1 keys as the event payload holds them, back to EPC URNs (TDS 2.x) and Digital Links. Docs/Formats/EventPayload.md."""

import string
from uuid import UUID

SHORT_AIS = [414, 417, 254, 253, 8003, 8004, 8017, 8018, 8010, 8011, 8006, 255, 401, 402, 235]
# Digits without the check digit, which is left out: the last digit of these follows from the others.
CHECKED = {0: 17, 1: 13, 8017: 17, 8018: 17} | {ai: 12 for ai in range(410, 418)}
FIXED = {402: 17, 8006: 18}
# TDS: what stands escaped in a URN's serial or part (# only in CPI parts).
URN_ESCAPED = set('"#%&/<>?')
PATH_SAFE = set(string.ascii_letters + string.digits + "-._~")


class BadPayload(ValueError):
    pass


def check_digit(digits: str) -> str:
    total = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def count(item) -> int:
    """A number: an integer, or 5 to 7 bytes where CBOR has no head of that length."""
    if isinstance(item, bytes):
        if not 5 <= len(item) <= 7 or item[0] == 0:
            raise BadPayload("a number in bytes that is not in its shortest form")
        return int.from_bytes(item, "big")
    if not isinstance(item, int) or isinstance(item, bool):
        raise BadPayload(f"{item!r} is no number")
    if 1 << 32 <= item < 1 << 56:
        raise BadPayload("an integer that is shorter as bytes")
    return item


def ai_of(code: int) -> int:
    if code in SHORT_AIS:
        raise BadPayload(f"AI {code} has a shorter code")
    return SHORT_AIS[-1 - code] if code < 0 else code


def value_of(ai: int, item) -> str:
    if isinstance(item, str):
        return item
    digits = str(count(item))
    if ai in CHECKED:
        digits = digits.zfill(CHECKED[ai])
        return digits + check_digit(digits)
    return digits.zfill(FIXED.get(ai, 0))


def elements_of(items: list) -> list[tuple[int, str]]:
    if len(items) % 2:
        raise BadPayload("an AI without a value")
    pairs = zip(items[::2], items[1::2])
    return [(ai := ai_of(code), value_of(ai, value)) for code, value in pairs]


def escaped(text: str, keep=None) -> str:
    if keep is None:
        return "".join(f"%{ord(c):02X}" if c in URN_ESCAPED else c for c in text)
    return "".join(c if c in keep else "".join(f"%{byte:02X}" for byte in c.encode()) for c in text)


def urn(elements: list[tuple[int, str]], length: int) -> str:
    """The EPC URN of a key whose company prefix has `length` digits."""
    ais, values = [ai for ai, _ in elements], [value for _, value in elements]
    key, more = values[0], [escaped(value) for value in values[1:]]
    inside = {1: "gtin", 8006: "itip"}.get(ais[0])
    if ais[0] == 0:
        return f"urn:epc:id:sscc:{key[1 : 1 + length]}.{key[0]}{key[1 + length : 17]}"
    if inside == "gtin":
        item = f"{key[1 : 1 + length]}.{key[0]}{key[1 + length : 13]}"
        return {
            (1,): f"urn:epc:idpat:sgtin:{item}.*",
            (1, 10): f"urn:epc:class:lgtin:{item}.{''.join(more)}",
            (1, 21): f"urn:epc:id:sgtin:{item}.{''.join(more)}",
            (1, 235): f"urn:epc:id:upui:{item}.{''.join(more)}",
        }[tuple(ais)]
    if inside == "itip":
        item = f"{key[1 : 1 + length]}.{key[0]}{key[1 + length : 13]}.{key[14:16]}.{key[16:18]}"
        return f"urn:epc:id:itip:{item}.{more[0]}" if more else f"urn:epc:idpat:itip:{item}.*"
    if ais[0] in (414, 417):
        # An SGLN always has an extension: 0 stands for none.
        place = f"{key[:length]}.{key[length:12]}"
        return f"urn:epc:id:sgln:{place}.{more[0] if more else '0'}" if ais[0] == 414 else f"urn:epc:id:pgln:{place}"
    if ais[0] in (253, 255, 8003):
        name = {253: "gdti", 255: "sgcn", 8003: "grai"}[ais[0]]
        digits = key[1:] if ais[0] == 8003 else key
        item = f"{digits[:length]}.{digits[length:12]}"
        serial = escaped(digits[13:])
        return f"urn:epc:id:{name}:{item}.{serial}" if serial else f"urn:epc:idpat:{name}:{item}.*"
    if ais[0] in (8017, 8018):
        name = {8017: "gsrnp", 8018: "gsrn"}[ais[0]]
        return f"urn:epc:id:{name}:{key[:length]}.{key[length:17]}"
    if ais[0] == 402:
        return f"urn:epc:id:gsin:{key[:length]}.{key[length:16]}"
    if ais[0] == 8010:
        item = f"{key[:length]}.{escaped(key[length:])}"
        return f"urn:epc:id:cpi:{item}.{more[0]}" if more else f"urn:epc:idpat:cpi:{item}.*"
    name = {401: "ginc", 8004: "giai"}[ais[0]]
    return f"urn:epc:id:{name}:{key[:length]}.{escaped(key[length:])}"


def digital_link(elements: list[tuple[int, str]], stem: str) -> str:
    return stem + "".join(f"/{ai:02}/{escaped(value, PATH_SAFE)}" for ai, value in elements)


def of_form(form, elements: list[tuple[int, str]]) -> str:
    if isinstance(form, str):
        return digital_link(elements, form)
    if form == 0:
        return digital_link(elements, "https://id.gs1.org")
    if 6 <= form <= 12:
        return urn(elements, form)
    raise BadPayload(f"form {form}")


def identifier(item) -> str:
    if isinstance(item, str):
        return item
    if isinstance(item, bytes):
        if len(item) == 16:
            return f"urn:uuid:{UUID(bytes=item)}"
        if len(item) == 32:
            return f"ni:///sha-256;{item.hex()}?ver=CBV2.0"
        raise BadPayload("an identifier in bytes that is neither UUID nor event hash")
    if item[0] == 1:
        document = item[2] if isinstance(item[2], str) else str(count(item[2]))
        return f"urn:epcglobal:cbv:bt:{count(item[1]):013}:{document}"
    if item[0] in (2, 3) and isinstance(item[0], int):
        return {2: "https://", 3: "http://"}[item[0]] + item[1]
    return of_form(item[0], elements_of(item[1:]))


def identifiers(items: list) -> list[str]:
    result = []
    for item in items:
        if isinstance(item, list) and len(item) > 1 and isinstance(item[1], list):
            form, shared, code, *values = item
            if len(values) < 2:
                raise BadPayload("a run of fewer than two")
            ai = ai_of(code)
            result += [of_form(form, elements_of(shared) + [(ai, value_of(ai, value))]) for value in values]
        else:
            result.append(identifier(item))
    return result

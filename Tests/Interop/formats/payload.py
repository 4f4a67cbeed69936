"""An independent reader of the event payload (kind 65001), from Docs/Formats/EventPayload.md: CBOR back to EPCIS JSON."""

from datetime import datetime, timedelta

import cbor2

from . import cbor
from . import vocabulary as cbv
from .identifiers import BadPayload, identifier, identifiers

TYPES = ["ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent"]
ACTIONS = ["ADD", "OBSERVE", "DELETE"]
ITEMS = "https://traceledger.dev/ns/epcis#"


class Number(str):
    """A JSON number by its text, so that 1.0 and 1 differ."""

    def __eq__(self, other):
        return isinstance(other, Number) and str.__eq__(self, other)

    __hash__ = str.__hash__


def number(item) -> Number:
    if isinstance(item, cbor2.CBORTag):
        if item.tag == 262:
            return Number(item.value.decode("ascii"))
        exponent, mantissa = item.value
        if item.tag != 4 or not -64 <= exponent <= -1:
            raise BadPayload("a decimal with an exponent out of place")
        digits = str(abs(mantissa)).zfill(1 - exponent)
        return Number(("-" if mantissa < 0 else "") + digits[:exponent] + "." + digits[exponent:])
    if isinstance(item, bool) or not isinstance(item, int):
        raise BadPayload(f"{item!r} is no number")
    return Number(item)


def value(item):
    """A value of an extension field."""
    if isinstance(item, dict):
        return {name: value(member) for name, member in item.items()}
    if isinstance(item, list):
        return [value(element) for element in item]
    return item if item is None or isinstance(item, (bool, str)) else number(item)


def term(vocabulary: cbv.Vocabulary):
    def read(item) -> str:
        if isinstance(item, str):
            return item
        if isinstance(item, list):
            style, code = item
            return vocabulary.prefixes[style] + vocabulary.terms[code]
        return vocabulary.terms[item]

    return read


def offset_text(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def time(own: int):
    """Reads times of an event whose own offset is `own` minutes."""

    def read(item) -> str:
        if isinstance(item, str):
            return item
        units, digits, zone = item, 3, own
        if isinstance(item, list):
            units, digits = item[:2]
            zone = item[2] if len(item) == 3 else own
            if len(item) == 2 and digits == 3 or not 0 <= digits <= 9:
                raise BadPayload("a time that is not in its shortest form")
        if not isinstance(units, int) or isinstance(units, bool):
            raise BadPayload("a time that is no integer")
        seconds, fraction = divmod(units, 10**digits)
        moment = datetime(1970, 1, 1) + timedelta(seconds=seconds, minutes=zone or 0)
        text = f"{moment.year:04}-{moment:%m-%dT%H:%M:%S}" + (f".{fraction:0{digits}}" if digits else "")
        return text + ("Z" if zone is None else offset_text(zone))

    return read


def zone_offset(item) -> str:
    return item if isinstance(item, str) else offset_text(item)


def listed(read):
    return lambda items: [read(item) for item in items]


def members(fields: dict):
    """Reads a map: integer keys by `fields` {key: (name, reader)}, the names of others as they are."""

    def read(item: dict) -> dict:
        known = {fields[key][0]: fields[key][1](entry) for key, entry in item.items() if isinstance(key, int)}
        return known | {key: value(entry) for key, entry in item.items() if isinstance(key, str)}

    return read


QUANTITY = members({0: ("epcClass", identifier), 1: ("quantity", number), 2: ("uom", str)})


def quantity(item):
    if isinstance(item, dict):
        return QUANTITY(item)
    named = zip(("epcClass", "quantity", "uom"), (identifier, number, str), item)
    return {name: read(part) for name, read, part in named if part is not None}


def location(item) -> dict:
    return members({0: ("id", identifier)})(item) if isinstance(item, dict) else {"id": identifier(item)}


def typed(name: str, vocabulary: cbv.Vocabulary):
    """A business transaction, source or destination, whose identifier is called `name`."""
    read_term = term(vocabulary)

    def read(item):
        if isinstance(item, dict):
            return members({0: ("type", read_term), 1: (name, identifier)})(item)
        if len(item) == 1:
            return {name: identifier(item[0])}
        return {"type": read_term(item[0]), name: identifier(item[1])}

    return listed(read)


def names(reader, *fields: str) -> dict:
    return {field: reader for field in fields}


def sensor_elements(read_time):
    links = names(identifier, "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules")
    metadata = names(read_time, "time", "startTime", "endTime") | links
    report = {"type": term(cbv.MEASUREMENT_TYPES), "exception": term(cbv.ALERT_TYPES)} | links
    report |= {"time": read_time} | names(identifier, "microorganism", "chemicalSubstance")
    report |= {"value": number, "component": term(cbv.COMPONENTS), "stringValue": str, "booleanValue": bool}
    report |= {"hexBinaryValue": str, "uriValue": identifier}
    report |= names(number, "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")
    report |= {"uom": str, "coordinateReferenceSystem": identifier}
    inner = members(dict(enumerate(metadata.items()))), members(dict(enumerate(report.items())))
    return listed(members({0: ("sensorMetadata", inner[0]), 1: ("sensorReport", listed(inner[1]))}))


def readers(own: int) -> dict:
    read_time, dispositions = time(own), term(cbv.DISPOSITIONS)
    quantities = listed(quantity)
    ordered = [
        ("type", TYPES.__getitem__),
        ("eventTime", read_time),
        ("eventTimeZoneOffset", zone_offset),
        ("recordTime", read_time),
        ("eventID", identifier),
        ("action", ACTIONS.__getitem__),
        ("epcList", identifiers),
        ("quantityList", quantities),
        ("parentID", identifier),
        ("childEPCs", identifiers),
        ("childQuantityList", quantities),
        ("inputEPCList", identifiers),
        ("inputQuantityList", quantities),
        ("outputEPCList", identifiers),
        ("outputQuantityList", quantities),
        ("transformationID", identifier),
        ("bizStep", term(cbv.BIZ_STEPS)),
        ("disposition", dispositions),
        ("persistentDisposition", members({0: ("set", listed(dispositions)), 1: ("unset", listed(dispositions))})),
        ("readPoint", location),
        ("bizLocation", location),
        ("bizTransactionList", typed("bizTransaction", cbv.TRANSACTION_TYPES)),
        ("sourceList", typed("source", cbv.END_TYPES)),
        ("destinationList", typed("destination", cbv.END_TYPES)),
    ]
    declaration = {0: ("declarationTime", read_time), 1: ("reason", term(cbv.ERROR_REASONS))}
    declaration[2] = ("correctiveEventIDs", listed(identifier))
    rest = [
        ("sensorElementList", sensor_elements(read_time)),
        ("ilmd", value),
        ("certificationInfo", value),
        ("errorDeclaration", members(declaration)),
    ]
    return dict(enumerate(ordered)) | {-1 - index: field for index, field in enumerate(rest)}


def read(data: bytes) -> tuple[dict, dict]:
    """The event as JSON without `@context`, and the namespaces it uses."""
    item = cbor.decode(data)
    own = item[2]
    if isinstance(own, str):
        sign = -1 if own[0] == "-" else 1
        own = sign * (int(own[1:3]) * 60 + int(own[4:6]))
    fields, event = readers(own), {}
    for key, entry in item.items():
        if key in fields:
            name, read_field = fields[key]
            event[name] = read_field(entry)
        elif key not in (-5, -6, -7, -8):
            raise BadPayload(f"key {key}")
    for name, entry in item.get(-5, {}).items():
        if name in event:
            raise BadPayload(f"extension {name} stands twice")
        event[name] = value(entry)
    namespaces = {p: u if isinstance(u, str) else cbv.NAMESPACES[u] for p, u in item.get(-6, {}).items()}
    if -8 in item:
        count, root = item[-8]
        if not 1 <= count <= 1 << 24 or len(root) != 32:
            raise BadPayload("an item tree has 1 to 2^24 leaves and a root of 32 bytes")
        prefix = next((p for p, uri in namespaces.items() if uri == ITEMS), "traceledger")
        namespaces[prefix] = ITEMS
        event[f"{prefix}:items"] = {"count": number(count), "root": root.hex()}
    return event, namespaces

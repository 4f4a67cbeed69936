"""The subject (`sub`) of an event's statement, from its payload: Docs/Formats/EventPayload.md, "Subject"."""

from . import cbor
from .identifiers import ai_of, elements_of, identifier, value_of

SERIALS = {21, 235, 8011, 8019}
# AIs whose value is a class followed by a serial, and how long the class is.
CLASS_LENGTH = {253: 13, 255: 13, 8003: 14}
EPC_LIST, QUANTITIES, PARENT, CHILDREN, CHILD_QUANTITIES = 6, 7, 8, 9, 10
INPUTS, INPUT_QUANTITIES, OUTPUTS, OUTPUT_QUANTITIES, TRANSFORMATION, READ_POINT, LOCATION = 11, 12, 13, 14, 15, 19, 20
ORDER = {
    0: [EPC_LIST, QUANTITIES, PARENT],
    1: [PARENT, CHILDREN, CHILD_QUANTITIES],
    2: [EPC_LIST, QUANTITIES, PARENT],
    3: [OUTPUTS, OUTPUT_QUANTITIES, INPUTS, INPUT_QUANTITIES, TRANSFORMATION],
    4: [PARENT, CHILDREN, CHILD_QUANTITIES],
}


def object_of(item) -> tuple[list[tuple[int, str]] | None, str]:
    """An identifier's elements, None where it has none in the payload, and its text."""
    is_key = isinstance(item, list) and not (isinstance(item[0], int) and item[0] in (1, 2, 3))
    return (elements_of(item[1:]) if is_key else None), identifier(item)


def objects(key: int, item) -> list:
    if key in (PARENT, TRANSFORMATION):
        return [object_of(item)]
    if key in (READ_POINT, LOCATION):
        return [object_of(item[0] if isinstance(item, dict) else item)]
    if key in (QUANTITIES, CHILD_QUANTITIES, INPUT_QUANTITIES, OUTPUT_QUANTITIES):
        return [object_of(entry[0]) for entry in item]
    found = []
    for entry in item:
        if isinstance(entry, list) and len(entry) > 1 and isinstance(entry[1], list):
            form, shared, code, *values = entry
            for value in values:
                elements = elements_of(shared) + [(ai_of(code), value_of(ai_of(code), value))]
                found.append((elements, f"{form}{elements}"))
        else:
            found.append(object_of(entry))
    return found


def bracketed(elements: list[tuple[int, str]]) -> str:
    return "".join(f"({ai:02}){value}" for ai, value in elements)


def class_of(elements: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return [(ai, value[: CLASS_LENGTH.get(ai)]) for ai, value in elements if ai not in SERIALS]


def subject(payload: bytes) -> str | None:
    """None where an object is text that may name a GS1 key: to read that takes more than the payload says."""
    event = cbor.decode(payload)
    candidates = (objects(key, event[key]) for key in [*ORDER[event[0]], READ_POINT, LOCATION] if key in event)
    found = next((some for some in candidates if some), None)
    if found is None:
        return identifier(event[4]) if 4 in event else "-"
    if any(elements is None and ("urn:epc:" in text or "://" in text) for elements, text in found):
        return None
    first, text = found[0]
    if first is None:
        return text
    if all(other == text for _, other in found):
        return bracketed(first)
    classes = [class_of(elements) for elements, _ in found if elements]
    same = [dict(elements) for elements in classes if elements[0] == classes[0][0]]
    differ = {ai for ai in (10, 22) if len({elements.get(ai) for elements in same}) > 1}
    return bracketed([(ai, value) for ai, value in classes[0] if ai not in differ])

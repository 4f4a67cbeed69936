"""Deterministic CBOR (RFC 8949 section 4.2.1): decoded by cbor2, re-encoded here and compared byte for byte.

cbor2's own canonical mode orders map keys by length first (RFC 7049), so the encoder is ours.
"""

import cbor2


class NotDeterministic(ValueError):
    pass


def head(major: int, value: int) -> bytes:
    if value < 24:
        return bytes([major << 5 | value])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << (8 * size):
            return bytes([major << 5 | code]) + value.to_bytes(size, "big")
    raise NotDeterministic("an integer of more than 64 bits")


def encode(item) -> bytes:
    if item is None:
        return b"\xf6"
    if isinstance(item, bool):
        return b"\xf5" if item else b"\xf4"
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        text = item.encode()
        return head(3, len(text)) + text
    if isinstance(item, (list, tuple)):
        return head(4, len(item)) + b"".join(map(encode, item))
    if isinstance(item, dict):
        pairs = sorted((encode(key), encode(value)) for key, value in item.items())
        return head(5, len(pairs)) + b"".join(key + value for key, value in pairs)
    if isinstance(item, cbor2.CBORTag):
        return head(6, item.tag) + encode(item.value)
    raise NotDeterministic(f"a {type(item).__name__} has no place in these formats")


def _argument(data: bytes, at: int) -> tuple[int, int, int]:
    major, info = data[at] >> 5, data[at] & 31
    if info < 24:
        return major, info, at + 1
    if info > 27:
        raise NotDeterministic("an indefinite or reserved length")
    end = at + 1 + (1 << (info - 24))
    if end > len(data):
        raise NotDeterministic("the data ends within a head")
    return major, int.from_bytes(data[at + 1 : end], "big"), end


def _item(data: bytes, at: int, depth: int):
    if at >= len(data) or depth > 16:
        raise NotDeterministic("the data ends within an item, or it is nested deeper than 16 levels")
    major, value, at = _argument(data, at)
    if major == 0:
        return value, at
    if major == 1:
        return -1 - value, at
    if major in (2, 3):
        if at + value > len(data):
            raise NotDeterministic("the data ends within a string")
        text = data[at : at + value]
        return (text if major == 2 else text.decode()), at + value
    if major == 4:
        items = []
        for _ in range(value):
            item, at = _item(data, at, depth + 1)
            items.append(item)
        return items, at
    if major == 5:
        pairs = {}
        for _ in range(value):
            key, at = _item(data, at, depth + 1)
            if isinstance(key, (list, dict)) or key in pairs:
                raise NotDeterministic("a key that is a container or stands twice")
            pairs[key], at = _item(data, at, depth + 1)
        return pairs, at
    if major == 6:
        item, at = _item(data, at, depth + 1)
        return cbor2.CBORTag(value, item), at
    if value not in (20, 21, 22):
        raise NotDeterministic(f"simple value or float {value}")
    return {20: False, 21: True, 22: None}[value], at


def decode(data: bytes):
    """The one item in `data`, tags kept as they are; refused unless `data` is its deterministic encoding."""
    item, end = _item(data, 0, 0)
    if end != len(data) or encode(item) != data:
        raise NotDeterministic("not the deterministic encoding of one item")
    return item


def split_sequence(data: bytes) -> list[bytes]:
    """The items of a CBOR sequence (RFC 8742), each as its bytes."""
    items, at = [], 0
    while at < len(data):
        _, end = _item(data, at, 0)
        items.append(data[at:end])
        at = end
    return items


def decode_with_cbor2(data: bytes):
    """The same by cbor2, for items in which it replaces no tag by a value of its own."""
    item = cbor2.loads(data)
    if encode(item) != data:
        raise NotDeterministic("not the deterministic encoding of one item")
    return item

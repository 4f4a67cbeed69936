"""C2SP signed-note v1.0.0, tlog-checkpoint v1.0.0, tlog-cosignature v1.0.1 (type 0x04) and tlog-proof v1."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import keys, tree

DASH = "\u2014".encode() + b" "
DECIMAL = re.compile(rb"0|[1-9][0-9]*")


class BadNote(ValueError):
    pass


def require(condition: bool, reason: str) -> None:
    if not condition:
        raise BadNote(reason)


def base64(text: bytes) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise BadNote(f"not base64: {error}") from None
    require(b64encode(data) == text, "base64 that is not canonical")
    return data


def decimal(text: bytes) -> int:
    require(bool(DECIMAL.fullmatch(text)) and int(text) < 1 << 63, "not a decimal without leading zeros below 2^63")
    return int(text)


@dataclass
class Checkpoint:
    text: bytes
    origin: str
    size: int
    root: bytes
    signatures: list[tuple[str, bytes, bytes]]

    @staticmethod
    def read(note: bytes) -> "Checkpoint":
        require(all(byte >= 0x20 or byte == 0x0A for byte in note), "a control character")
        try:
            note.decode()
        except UnicodeDecodeError:
            raise BadNote("not UTF-8") from None
        at = note.rfind(b"\n\n")
        require(at >= 0 and note.endswith(b"\n"), "no blank line, or no newline at the end")
        text, lines = note[: at + 1], note[at + 2 : -1].split(b"\n")
        signatures = []
        for line in lines:
            require(line.startswith(DASH), "a signature line does not begin with a dash")
            name, _, value = line[len(DASH) :].partition(b" ")
            signature = base64(value)
            bad = not name or b"+" in name or any(character.isspace() for character in name.decode())
            require(not bad and len(signature) > 4, "a signature line without name or signature")
            signatures.append((name.decode(), signature[:4], signature[4:]))
        head = text.split(b"\n")
        require(len(head) >= 4 and head[0] != b"", "fewer than three lines")
        require(all(line for line in head[3:-1]), "an empty extension line")
        root = base64(head[2])
        require(len(root) == 32, "a root that has not 32 bytes")
        return Checkpoint(text, head[0].decode(), decimal(head[1]), root, signatures)

    def require_log_signature(self, public: bytes) -> None:
        """The log signs under its origin: a known key's bad signature refuses the note, and one good one must be there."""
        wanted = (self.origin, keys.note_key_id(self.origin, 1, public))
        found = [value for name, id, value in self.signatures if (name, id) == wanted]
        require(bool(found), "the log has not signed")
        for value in found:
            require(keys.is_signed(public, value, self.text), "the log's signature is bad")

    def require_cosignature(self, name: str, public: bytes) -> int:
        """The time at which `name` cosigned."""
        wanted = (name, keys.note_key_id(name, 4, public))
        found = [value for other, id, value in self.signatures if (other, id) == wanted]
        require(len(found) == 1 and len(found[0]) == 72, f"{name} has not cosigned")
        time = int.from_bytes(found[0][:8], "big")
        require(keys.is_signed(public, found[0][8:], cosigned_message(self.text, time)), "the cosignature is bad")
        return time


def cosigned_message(text: bytes, time: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % time + text


def signature_line(name: str, id: bytes, signature: bytes) -> bytes:
    return DASH + name.encode() + b" " + b64encode(id + signature) + b"\n"


def cosignature_line(text: bytes, name: str, key: Ed25519PrivateKey, time: int) -> bytes:
    signature = time.to_bytes(8, "big") + key.sign(cosigned_message(text, time))
    return signature_line(name, keys.note_key_id(name, 4, keys.public_bytes(key)), signature)


def checkpoint(origin: str, leaves: list[bytes], key: Ed25519PrivateKey) -> bytes:
    text = f"{origin}\n{len(leaves)}\n".encode() + b64encode(tree.root(leaves)) + b"\n"
    id = keys.note_key_id(origin, 1, keys.public_bytes(key))
    return text + b"\n" + signature_line(origin, id, key.sign(text))


@dataclass
class TLogProof:
    extra: bytes | None
    index: int
    path: list[bytes]
    checkpoint: Checkpoint

    @staticmethod
    def read(data: bytes) -> "TLogProof":
        head, blank, note = data.partition(b"\n\n")
        lines = head.split(b"\n")
        require(bool(blank) and lines.pop(0) == b"c2sp.org/tlog-proof@v1", "not a tlog-proof")
        extra = base64(lines.pop(0)[6:]) if lines and lines[0].startswith(b"extra ") else None
        require(bool(lines) and lines[0].startswith(b"index "), "no index")
        index = decimal(lines.pop(0)[6:])
        path = [base64(line) for line in lines]
        require(len(path) <= 63 and all(len(hash) == 32 for hash in path), "hashes that are not hashes")
        return TLogProof(extra, index, path, Checkpoint.read(note))

    def verify(self, entry: bytes, log_key: bytes) -> None:
        self.checkpoint.require_log_signature(log_key)
        leaf = tree.leaf_hash(entry)
        found = tree.root_from_inclusion(self.index, self.checkpoint.size, leaf, self.path)
        require(found == self.checkpoint.root, "the path does not lead to the checkpoint's root")

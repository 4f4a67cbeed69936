"""Key files, kid and vkey, against OpenSSL and RFC 9679."""

import stat

import program
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from formats import cbor, keys
from report import equal
from world import openssl


def shown(path, format: str, *more) -> bytes:
    return program.run("key", "show", path, "--format", format, *more)


def item_key(seed: bytes, identity: str) -> bytes:
    """The public key of the item whose hidden code has this seed."""
    derivation = HKDF(hashes.SHA256(), 32, salt=b"traceledger/item/v1", info=identity.encode())
    return keys.public_bytes(Ed25519PrivateKey.from_private_bytes(derivation.derive(seed)))


def check(report, world) -> None:
    with report("the golden item keys are what HKDF and Ed25519 of cryptography derive"):
        lines = (program.ROOT / "Tests" / "Goldens" / "keys" / "item-keys.txt").read_text().splitlines()
        assert len(lines) >= 3, "no golden item keys"
        for seed, identity, public in map(str.split, lines):
            equal(item_key(bytes.fromhex(seed), identity).hex(), public, identity)
    with report("key generate writes PKCS#8 that openssl pkey reads, mode 0600"):
        path = world.new_key("keys-ours")
        equal(stat.S_IMODE(path.stat().st_mode), 0o600, "mode")
        text = openssl("pkey", "-in", path, "-noout", "-text").decode()
        assert "ED25519 Private-Key" in text, text
        equal(openssl("pkey", "-in", path), path.read_bytes(), "openssl's own PEM of the same key")
    with report("key generate refuses to overwrite"):
        path = world.new_key("keys-ours")
        before = path.read_bytes()
        equal(program.status("key", "generate", path), 2, "exit")
        equal(path.read_bytes(), before, "the file")
    with report("key show --format pem is the SPKI that openssl derives"):
        path = world.new_key("keys-ours")
        equal(shown(path, "pem"), openssl("pkey", "-in", path, "-pubout"), "public PEM")
    with report("keys made by openssl are read, private and public half alike"):
        path = world.directory / "keys-openssl.pem"
        path.write_bytes(openssl("genpkey", "-algorithm", "ed25519"))
        path.chmod(0o600)
        half = world.directory / "keys-openssl.pub.pem"
        half.write_bytes(openssl("pkey", "-in", path, "-pubout"))
        public = keys.public_bytes(keys.load_private(path))
        for file in (path, half):
            equal(shown(file, "hex").decode().strip(), public.hex(), f"hex of {file.name}")
    for name in ("keys-ours", "keys-openssl"):
        path = world.directory / f"{name}.pem"
        with report(f"{name}: kid is the RFC 9679 thumbprint's first 8 bytes"):
            public = world.public_bytes(name)
            equal(shown(path, "kid").decode().strip(), keys.kid(public).hex(), "kid")
        with report(f"{name}: vkey is name, key id and key"):
            expected = keys.vkey("interop.example/keys", world.public_bytes(name))
            equal(shown(path, "vkey", "--name", "interop.example/keys").decode().strip(), expected, "vkey")
        with report(f"{name}: COSE_Key is RFC 9052's, in deterministic CBOR"):
            data = shown(path, "cose")
            public = world.public_bytes(name)
            equal(cbor.decode(data), {1: 1, -1: 6, -2: public}, "COSE_Key")
    with report("a key of another algorithm is refused"):
        path = world.directory / "keys-x25519.pem"
        path.write_bytes(openssl("genpkey", "-algorithm", "x25519"))
        path.chmod(0o600)
        equal(program.status("key", "show", path), 2, "exit")

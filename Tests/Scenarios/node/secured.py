"""TLS between nodes: certificates of a private authority, of nobody, of another host and of last year."""

import datetime
import ipaddress
import socket
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from harness import Node, event, eventually, free_port, gln
from joining import mirror_of
from report import equal

ORIGIN = "secured.example/ledger"


class Authority:
    """Signs certificates of hosts."""

    def __init__(self, site, name: str):
        self.site, self.key = site, ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        own = self.certificate(self.name, self.key, 0, 365, [x509.BasicConstraints(ca=True, path_length=0)])
        self.file = site.write(f"{name}.ca.pem", own.public_bytes(serialization.Encoding.PEM))

    def certificate(self, name: x509.Name, key, begin: int, end: int, extensions: list) -> x509.Certificate:
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = x509.CertificateBuilder(
            self.name, name, key.public_key(), x509.random_serial_number(), now + datetime.timedelta(begin - 1), now + datetime.timedelta(end))
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(self.key, hashes.SHA256())

    def issue(self, file: str, host: str, begin: int = 0, end: int = 30) -> dict[str, str]:
        """The `tls` of a node's configuration."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.IPAddress(ipaddress.ip_address(host))] if host[0].isdigit() else [x509.DNSName(host)]
        made = self.certificate(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key, begin, end,
                                [x509.SubjectAlternativeName(names)])
        secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return {"certificate": self.site.write(f"{file}.crt", made.public_bytes(serialization.Encoding.PEM)),
                "key": self.site.write(f"{file}.key", secret)}


def handshake(node: Node, authority: str, host: str = "localhost", **limits) -> bytes:
    """The status line of /healthz over TLS."""
    context = ssl.create_default_context(cafile=authority)
    for name, value in limits.items():
        setattr(context, name, value)
    with socket.create_connection(("127.0.0.1", node.port), 10) as plain, context.wrap_socket(plain, server_hostname=host) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return client.recv(4096).split(b"\r\n")[0]


def run(report, site) -> None:
    ours, theirs = Authority(site, "ours"), Authority(site, "theirs")
    site.token("erp")
    node = site.node(
        "secured", tls=ours.issue("good", "localhost"), trustRoots=ours.file,
        ledgers=[{"path": "farm", "origin": ORIGIN, "key": site.key_file("farm"), "tokens": [{"name": "erp", "file": "erp.token"}],
                  "capture": {"issuer": gln(1), "key": site.key_file("enterprise")}}])
    node.configuration["url"] = f"https://localhost:{node.port}"
    node.write()

    def start(tls: dict[str, str]) -> None:
        node.kill()
        node.configuration["tls"] = tls
        node.write()
        node.start(wait=False)
        eventually("it listens", lambda: socket.create_connection(("127.0.0.1", node.port), 1).close() or True)

    good = node.configuration["tls"]
    start(good)
    with report("a client that trusts the authority is served, by TLS 1.2 and 1.3; older versions and plain HTTP are not"):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            equal(handshake(node, ours.file, minimum_version=version, maximum_version=version), b"HTTP/1.1 200 OK", f"{version}")
        try:
            handshake(node, ours.file, minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1)
            raise AssertionError("TLS 1.1 was spoken")
        except (ssl.SSLError, OSError):
            pass
        with socket.create_connection(("127.0.0.1", node.port), 10) as plain:
            plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"200" not in plain.recv(4096)[:20], "plain HTTP was answered"
    with report("tracenode status asks a node over TLS"):
        done = node.command("status", "--config", node.file)
        equal(done.returncode, 0, f"{done.stderr}")

    mirrors = {"trusting": {"trustRoots": ours.file}, "strange": {"trustRoots": theirs.file}, "alone": {}}
    for name, roots in mirrors.items():
        mirrors[name] = site.node(name, mirrors=[{"vkey": site.vkey("farm", ORIGIN), "url": f"https://localhost:{node.port}/farm",
                                                  "interval": 0.3}], **roots).start()
    trusting = mirrors["trusting"]
    with report("a mirror that trusts the authority copies; one that does not says so and copies nothing"):
        eventually("it is mirrored", lambda: mirror_of(trusting, ORIGIN)["size"] == 1)
        for name in ("strange", "alone"):
            failure = eventually("it says why", lambda name=name: mirror_of(mirrors[name], ORIGIN)["failure"])
            assert "certificate" in failure.lower(), failure
            equal(mirror_of(mirrors[name], ORIGIN)["size"], 0, name)
    for what, tls in [("another host's certificate", ours.issue("host", "other.example")), ("a certificate of last year", ours.issue("old", "localhost", -300, -200)),
                      ("another authority's certificate", theirs.issue("theirs", "localhost"))]:
        with report(f"{what}: the mirror says so, and copies nothing"):
            start(tls)
            trusting.restart()
            failure = eventually("it says why", lambda: mirror_of(trusting, ORIGIN)["failure"])
            assert "certificate" in failure.lower() or "hostname" in failure.lower(), failure
    with report("with a good one again it goes on"):
        start(good)
        trusting.restart()
        eventually("it is mirrored", lambda: mirror_of(trusting, ORIGIN)["lag"] == 0 and mirror_of(trusting, ORIGIN)["failure"] is None)
    with report("who opens connections and shakes no hands costs nothing"):
        idle = [socket.create_connection(("127.0.0.1", node.port), 10) for _ in range(100)]
        for client in idle[::2]:
            client.sendall(b"\x16\x03\x01\x02\x00\x01")
        equal(handshake(node, ours.file), b"HTTP/1.1 200 OK", "another client")
        for client in idle:
            client.close()
    with report("no key of TLS stands in the log"):
        assert "BEGIN" not in node.log and not any(
            line in node.log for line in (site.home / "good.key").read_text().splitlines()[1:-1]), "a key in the log"

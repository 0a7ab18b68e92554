"""Certificates as cameras have them, and worse."""

import ipaddress
import ssl
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)
LOOPBACK = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
ELSEWHERE = x509.SubjectAlternativeName([x509.DNSName("camera.example")])


@dataclass(frozen=True)
class Certificate:
    """`file` holds the key, too."""

    file: Path
    fingerprint: str

    def server(self) -> ssl.SSLContext:
        """What a camera with it speaks: anything."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.load_cert_chain(self.file)
        return context

    def old_server(self) -> ssl.SSLContext:
        """As old firmware: TLS 1.1 at most."""
        context = self.server()
        with warnings.catch_warnings():
            # That it is old is the point.
            warnings.simplefilter("ignore", DeprecationWarning)
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        return context


def make(
    folder: Path,
    *,
    names: x509.SubjectAlternativeName | None = LOOPBACK,
    bits: int = 2048,
    age: timedelta = DAY,
) -> Certificate:
    """One that is signed by itself, and valid for two days."""
    key = rsa.generate_private_key(65537, bits)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "IP2M-841")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - age)
        .not_valid_after(now - age + 2 * DAY)
    )
    if names:
        builder = builder.add_extension(names, critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    file = folder / "camera.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return Certificate(file, certificate.fingerprint(hashes.SHA256()).hex(":").upper())

"""TLS to a camera: by the authorities, or by the fingerprint of its own certificate; and what it means when that fails.

Few cameras have a certificate that an authority has signed, and old firmware speaks old TLS with short keys. Where the
very certificate is known, both are accepted, on connections to that camera only: the alternative would be http://.
"""

import hashlib
import os
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import certifi

from worker.domain.errors import CameraUnreachable, CameraUntrusted

CA_BUNDLE = "REQUESTS_CA_BUNDLE"

# X509_V_ERR_..., as OpenSSL numbers them in x509_vfy.h.
_NOT_YET_VALID, _EXPIRED, _SELF_SIGNED = 9, 10, 18
_UNKNOWN_AUTHORITY = {2, 19, 20, 21, 24}
_OTHER_NAME = {62, 64}
_WEAK = {66, 67, 68}

_NO_TLS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"}
_OLD_TLS = {
    "UNSUPPORTED_PROTOCOL",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "VERSION_TOO_LOW",
}
_OLD_CIPHERS = {"SSLV3_ALERT_HANDSHAKE_FAILURE", "NO_SHARED_CIPHER", "NO_CIPHERS_AVAILABLE"}
_WEAK_KEY = {"EE_KEY_TOO_SMALL", "CA_KEY_TOO_SMALL", "CA_MD_TOO_WEAK", "DH_KEY_TOO_SMALL", "MODULUS_TOO_SMALL"}


@dataclass(frozen=True)
class Certificate:
    """`names` are the hosts that it is for; None where they could not be read."""

    fingerprint: str
    names: tuple[str, ...] | None


class CertificateChanged(Exception):
    """It is not the one that was pinned; nothing was sent."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


def by_authorities() -> ssl.SSLContext:
    """The public ones, or those in the file or folder that REQUESTS_CA_BUNDLE names.

    Raises:
        CameraUnreachable: that cannot be read.
    """
    bundle = Path(os.environ.get(CA_BUNDLE) or certifi.where())
    try:
        if bundle.is_dir():
            context = ssl.create_default_context(capath=str(bundle))
        else:
            context = ssl.create_default_context(cafile=str(bundle))
    except OSError as error:
        raise CameraUnreachable(f"{CA_BUNDLE} names {bundle}, which holds no certificates: {error}") from error
    # python.org's builds do so by themselves, Debian's take TLS 1.0 as well.
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def by_fingerprint() -> ssl.SSLContext:
    """Accepts every certificate, TLS 1.0 and short keys: the caller compares the fingerprint before it sends a byte."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def handshake(
    sock: socket.socket, context: ssl.SSLContext, host: str, seconds: float, pinned: str | None = None
) -> ssl.SSLSocket:
    """Secure a connection; `pinned` is a SHA-256 in hexadecimal, with or without colons. Closes `sock` if it fails.

    Raises:
        CertificateChanged: the certificate's fingerprint is not `pinned`.
        OSError: ssl.SSLError among them.
    """
    with sock:
        secured = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    try:
        secured.settimeout(seconds)
        secured.do_handshake()
        _compare(fingerprint(secured), pinned)
    except BaseException:
        secured.close()
        raise
    return secured


def fingerprint(secured: ssl.SSLSocket) -> str:
    """SHA-256 of the certificate that it showed, as browsers write it."""
    return hashlib.sha256(secured.getpeercert(binary_form=True) or b"").digest().hex(":").upper()


def names(certificate: Mapping[str, object] | None) -> tuple[str, ...]:
    """The hosts that a certificate, as `getpeercert` gives it, is for."""
    alternatives = (certificate or {}).get("subjectAltName", ())
    return tuple(str(name) for _, name in alternatives)  # type: ignore[attr-defined] # pairs, see ssl


def changed(url: str, found: str) -> CameraUntrusted:
    return CameraUntrusted(
        f"the certificate of {url} is not the one in CAMERA_FINGERPRINT, and no login was sent: either the camera has "
        "made itself a new one, as it does at a reset, or somebody else sits at its address. Only if you are sure that "
        f"it is your camera, set CAMERA_FINGERPRINT={found}"
    )


def untrusted(url: str, error: ssl.SSLError, certificate: Certificate | None) -> CameraUntrusted:
    """What the failed handshake means, in words; `certificate` is what the camera shows, where it could be had."""
    if error.reason in _NO_TLS:
        remedy = "write http:// in CAMERA_HOST, on a network that is yours alone, or switch HTTPS on in the camera"
        return CameraUntrusted(f"what answers at {url} does not speak TLS: {remedy}")
    if certificate is None:
        return CameraUntrusted(f"{_meaning(url, error, None)}: look at the camera's HTTPS settings")
    pin = f"or, if you are sure that this is your camera, set CAMERA_FINGERPRINT={certificate.fingerprint}"
    return CameraUntrusted(f"{_meaning(url, error, certificate)}: {_remedy(error, certificate)}, {pin}")


def _meaning(url: str, error: ssl.SSLError, certificate: Certificate | None) -> str:
    code = getattr(error, "verify_code", 0)
    if error.reason in _OLD_TLS:
        return f"{url} speaks only TLS older than 1.2"
    if error.reason in _OLD_CIPHERS:
        return f"{url} speaks only ciphers that are no longer safe"
    if error.reason in _WEAK_KEY or code in _WEAK:
        return f"the certificate of {url} has a key or signature too weak to be trusted"
    if code in _OTHER_NAME:
        return f"the certificate of {url} is for {_for(certificate)}"
    meanings = {
        _EXPIRED: "has expired",
        _NOT_YET_VALID: "is not valid yet",
        _SELF_SIGNED: "is signed by itself, not by an authority",
        **dict.fromkeys(_UNKNOWN_AUTHORITY, "is signed by an authority that is not known here"),
    }
    if code in meanings:
        return f"the certificate of {url} {meanings[code]}"
    return f"TLS with {url} fails, {getattr(error, 'verify_message', None) or error.reason or error}"


def _for(certificate: Certificate | None) -> str:
    if certificate is None or certificate.names is None:
        return "another host"
    return f"{', '.join(certificate.names)} only" if certificate.names else "no host: it has no subjectAltName"


def _remedy(error: ssl.SSLError, certificate: Certificate) -> str:
    """What else would help but the fingerprint."""
    code = getattr(error, "verify_code", 0)
    if code in _OTHER_NAME and certificate.names:
        return "write CAMERA_HOST as the certificate does"
    if code in _OTHER_NAME:
        return "have the camera make a new one with its address in it"
    if code in {_EXPIRED, _NOT_YET_VALID}:
        return "set the clocks of camera and host, have the camera make a new one"
    if code == _SELF_SIGNED or code in _UNKNOWN_AUTHORITY:
        return f"name in {CA_BUNDLE} a file with it and the public authorities, as AWS is judged by that file too"
    return "update the camera's firmware"


def _compare(found: str, pinned: str | None) -> None:
    if pinned is not None and found.replace(":", "").lower() != pinned.replace(":", "").lower():
        raise CertificateChanged(found)

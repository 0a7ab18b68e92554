"""One camera, from CAMERA_... or from its table in CAMERAS_FILE."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

_NO_ADDRESS = "must be host, host:port, or http(s)://host[:port], such as 192.168.1.108"
_NO_FINGERPRINT = (
    "must be the SHA-256 of the camera's certificate: 64 hexadecimal digits, with or without colons, "
    "as `openssl x509 -noout -fingerprint -sha256` shows it"
)
_NO_HTTPS = "is for a camera with https only, such as https://192.168.1.108"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class CameraSettings(BaseModel):
    """`host` begins with http:// or https://; `fingerprint` is 64 small hexadecimal digits."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    host: str = Field(description="the camera's address on your network, such as 192.168.1.108")
    username: str = "admin"
    password: SecretStr = Field(min_length=1, description="the password of the camera's user, or its _FILE")
    fingerprint: str | None = None
    nod: bool = True
    speaker: bool = True
    audio_format: Literal["alaw", "mulaw"] = "alaw"
    channel: Annotated[int | None, Field(ge=0, le=255, examples=[1])] = None

    @field_validator("host")
    @classmethod
    def _is_an_address(cls, host: str) -> str:
        try:
            parts = urlsplit(host if "://" in host else f"http://{host}")
            _ = parts.port
        except ValueError:
            # Its own words would show what was given, and somebody may have written a password there.
            raise ValueError(_NO_ADDRESS) from None
        if parts.username or parts.password:
            raise ValueError("user name and password have settings of their own and do not belong into the address")
        if not _is_bare(parts):
            raise ValueError(_NO_ADDRESS)
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("fingerprint")
    @classmethod
    def _is_a_sha256(cls, fingerprint: str | None, info: ValidationInfo) -> str | None:
        if fingerprint is None:
            return None
        digits = fingerprint.strip().replace(":", "").lower()
        if wrong := "; and it ".join(_wrong_with_fingerprint(digits, info.data.get("host", "https://"))):
            raise ValueError(wrong)
        return digits


def _is_bare(parts: SplitResult) -> bool:
    extra = parts.path.strip("/") or parts.query or parts.fragment
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and not extra


def _wrong_with_fingerprint(digits: str, host: str) -> Iterator[str]:
    if not _SHA256.fullmatch(digits):
        yield _NO_FINGERPRINT
    if not host.startswith("https://"):
        yield _NO_HTTPS

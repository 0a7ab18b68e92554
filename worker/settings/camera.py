"""One camera, from CAMERA_... or from its table in CAMERAS_FILE."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from worker.settings.extras import NEEDS_VIDEO, video_installed
from worker.settings.stream_url import passwordless

_NO_ADDRESS = "must be host, host:port, or http(s)://host[:port], such as 192.168.1.108"
_NO_FINGERPRINT = (
    "must be the SHA-256 of the camera's certificate: 64 hexadecimal digits, with or without colons, "
    "as `openssl x509 -noout -fingerprint -sha256` shows it"
)
_NO_HTTPS = "is for a camera with https only, such as https://192.168.1.108"
_NO_STREAM = "takes the photo from the camera's stream: set CAMERA_STREAM (or stream) to main as well"
_OFF = {False, "false", "no", "0"}
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
    stream: Annotated[Literal["off", "main", "sub"] | None, "off, main or sub"] = None
    """None where nothing was said: then an address of one's own switches it on. See `streams`."""
    stream_url: Annotated[str | None, AfterValidator(passwordless)] = None
    rtsp_port: Annotated[int, Field(ge=1, le=65_535)] = 554
    lens: Literal["snapshot", "lazy", "hot"] = "snapshot"

    @property
    def streams(self) -> bool:
        """Whether the stream is on for more than clips, each of which opens one for itself."""
        return self.stream != "off" and bool(self.stream or self.stream_url)

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

    @field_validator("stream", mode="before")
    @classmethod
    def _is_off_in_every_word(cls, stream: Any) -> Any:
        """YAML and TOML have their own."""
        return "off" if (stream.lower() if isinstance(stream, str) else stream) in _OFF else stream

    @field_validator("stream", "stream_url")
    @classmethod
    def _can_be_read(cls, given: str | None, info: ValidationInfo) -> str | None:
        """Of an address only where nothing was said of the stream: else that is complained of, or it is off."""
        decides = info.field_name == "stream" or info.data.get("stream", "off") is None
        if decides and given not in {None, "off"} and not video_installed():
            raise ValueError(NEEDS_VIDEO)
        return given

    @field_validator("lens")
    @classmethod
    def _has_a_stream(cls, lens: str, info: ValidationInfo) -> str:
        stream, url = (info.data.get(name, "main") for name in ("stream", "stream_url"))
        if lens != "snapshot" and (stream == "off" or not (stream or url)):
            raise ValueError(f"{lens} {_NO_STREAM}")
        return lens

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

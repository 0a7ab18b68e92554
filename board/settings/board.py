"""Everything that the board goes by."""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from board.settings.billboard import read_billboard
from board.settings.files import secret
from board.settings.mistakes import SettingsError, given
from board.settings.reader import HOST, Reader, read_cameras, read_data_dir, read_host, read_port

SETTINGS = (
    "BOARD_HOST",
    "BOARD_PORT",
    "BOARD_PASSWORD",
    "BOARD_PASSWORD_FILE",
    "BOARD_AUTH",
    "BOARD_TRUSTED_PROXIES",
    "BOARD_ALLOWED_HOSTS",
    "BOARD_ACTIONS",
    "BILLBOARD_FILE",
    "TABLE_NAME",
    "BUCKET_NAME",
    "QUEUE_NAME",
    "QUEUE_URL",
    "CAMERA_NAME",
    "CAMERAS_FILE",
    "DATA_DIR",
    "LOG_LEVEL",
    "LOG_FORMAT",
)
"""The names of all settings but boto3's own."""

_TABLE = re.compile(r"[A-Za-z0-9._-]{3,255}|arn:\S+")
_QUEUE = re.compile(r"[A-Za-z0-9_-]{1,80}(\.fifo)?")
_QUEUE_URL = re.compile(r"(?i:https?)://[^\s/?#]+(/\S*)?")
_QUEUE_ADDRESS = "https://sqs.eu-west-1.amazonaws.com/123456789012/take-picture"
_ON, _OFF = {"on", "true", "yes", "1"}, {"off", "false", "no", "0"}
Network = IPv4Network | IPv6Network


class Auth(StrEnum):
    """Who tells the board who looks."""

    PASSWORD = "password"  # noqa: S105 - no password, but the word of the setting
    PROXY = "proxy"
    NONE = "none"


@dataclass(frozen=True)
class BoardSettings:
    """`cameras` has the names alone, the default first; `allowed_hosts` is empty where the default holds."""

    table_name: str
    bucket_name: str
    cameras: tuple[str, ...] = ("default",)
    host: str = "127.0.0.1"
    port: int = 8080
    auth: Auth = Auth.PASSWORD
    password: str | None = field(default=None, repr=False)
    trusted_proxies: tuple[Network, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    actions: bool = False
    billboard_file: Path | None = None
    queue_name: str = "take-picture"
    queue_url: str | None = None
    data_dir: Path = Path("/var/lib/worker")
    log_level: str = "info"
    log_format: str = "auto"
    host_name: str = field(default_factory=socket.gethostname)

    @property
    def folder(self) -> Path:
        """Where the signing key and the links of screens lie."""
        return self.data_dir / "board"


def load(environ: Mapping[str, str]) -> BoardSettings:
    """An empty value counts as unset. Raises SettingsError with every mistake there is."""
    reader = Reader(environ)
    settings = BoardSettings(
        table_name=reader.text(
            "TABLE_NAME", _TABLE, None, "the DynamoDB table of the records, such as take-picture-captures"
        ),
        bucket_name=reader.text("BUCKET_NAME", _TABLE, None, "the S3 bucket of the photos, such as my-captures"),
        cameras=read_cameras(reader),
        host=read_host(reader),
        port=read_port(reader),
        auth=reader.choice("BOARD_AUTH", {auth.value: auth for auth in Auth}, "password", "password, proxy or none"),
        password=reader.read(lambda: secret(environ, "BOARD_PASSWORD"), None),
        trusted_proxies=reader.read(lambda: _networks(environ), ()),
        allowed_hosts=reader.read(lambda: _hosts(environ), ()),
        actions=reader.choice(
            "BOARD_ACTIONS", dict.fromkeys(_ON, True) | dict.fromkeys(_OFF, False), "off", "on or off"
        ),
        billboard_file=reader.read(lambda: _billboard_file(environ), None),
        queue_name=reader.text("QUEUE_NAME", _QUEUE, "take-picture", "the queue's name alone, such as take-picture"),
        queue_url=reader.text("QUEUE_URL", _QUEUE_URL, "", f"the queue's address, such as {_QUEUE_ADDRESS}") or None,
        data_dir=read_data_dir(environ),
        log_level=reader.choice(
            "LOG_LEVEL",
            {level: level for level in ("debug", "info", "warning", "error")},
            "info",
            "debug, info, warning or error",
        ),
        log_format=reader.choice(
            "LOG_FORMAT", {style: style for style in ("auto", "json", "console")}, "auto", "auto, json or console"
        ),
    )
    mistakes = [*reader.mistakes, *_nobody_to_ask(settings, reader.mistakes)]
    if mistakes:
        raise SettingsError(*mistakes)
    return settings


def _nobody_to_ask(settings: BoardSettings, mistakes: list[str]) -> list[str]:
    """Faces are on the board: it does not start as long as nobody has said who may look."""
    if any(mistake.startswith(("BOARD_AUTH", "BOARD_PASSWORD", "BOARD_TRUSTED")) for mistake in mistakes):
        return []
    if settings.auth is Auth.PASSWORD and not settings.password:
        return [
            (
                "BOARD_PASSWORD: not set; faces are on the board, so it asks for one. Set it or BOARD_PASSWORD_FILE, "
                "or write BOARD_AUTH=none to let everybody look who reaches it"
            )
        ]
    if settings.auth is Auth.PROXY and not settings.trusted_proxies:
        return ["BOARD_TRUSTED_PROXIES: not set; BOARD_AUTH=proxy needs the proxy's address, such as 172.18.0.2"]
    return []


def _billboard_file(environ: Mapping[str, str]) -> Path | None:
    """It is read here for its mistakes alone: it may change while the board runs."""
    if not environ.get("BILLBOARD_FILE"):
        return None
    read_billboard(path := Path(environ["BILLBOARD_FILE"]))
    return path


def _networks(environ: Mapping[str, str]) -> tuple[Network, ...]:
    try:
        return tuple(map(ip_network, given(environ.get("BOARD_TRUSTED_PROXIES", ""))))
    except ValueError as error:
        raise SettingsError(
            "BOARD_TRUSTED_PROXIES: must be a comma list of addresses or networks, such as 172.18.0.2, 10.0.0.0/24"
        ) from error


def _hosts(environ: Mapping[str, str]) -> tuple[str, ...]:
    hosts = tuple(host.lower() for host in given(environ.get("BOARD_ALLOWED_HOSTS", "")))
    if not all(map(HOST.fullmatch, hosts)):
        raise SettingsError(
            "BOARD_ALLOWED_HOSTS: must be a comma list of names without port, such as board.example.org"
        )
    return hosts

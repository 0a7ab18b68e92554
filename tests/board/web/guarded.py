"""A board in this process that asks who looks, and browsers that come to it from any address."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from board.domain.viewers import ScreenKind
from board.links import Links
from board.services import Services
from board.settings.board import Auth
from board.web.app import make_app
from tests.board.fakes import Clock, FakeTable, make_services
from tests.support.host import CHECKOUT

PASSWORD = "open sesame, ça va"
PROXY, STRANGER = "10.9.9.9", "192.0.2.7"
PAGE = {"Accept": "text/html,application/xhtml+xml"}
"""What a browser sends that is to show a page."""


@dataclass
class GuardedBoard:
    """`visit` is a browser, which comes from `address`."""

    folder: Path
    settings: dict[str, Any]
    clock: Clock = field(default_factory=Clock)
    table: FakeTable = field(default_factory=FakeTable, repr=False)
    address: str = STRANGER

    def __post_init__(self) -> None:
        self.services = self.make_services()
        self.app = make_app(self.services)

    def make_services(self, **changed: Any) -> Services:
        services = make_services(self.table, **(self.settings | changed))
        return replace(services, now=self.clock.now, monotonic=self.clock.monotonic)

    @contextmanager
    def visit(self, address: str = STRANGER, base_url: str = "http://localhost") -> Iterator[TestClient]:
        """Once: the board belongs to one event loop."""
        self.address = address
        with TestClient(self._from_address, base_url, follow_redirects=False) as client:
            yield client

    async def _from_address(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(
            scope if scope["type"] == "lifespan" else {**scope, "client": (self.address, 40_000)}, receive, send
        )

    def link(self, kind: str, camera: str = "lobby", days: int = 30) -> tuple[str, str]:
        """Its id and its secret."""
        link, secret = self.links.add(ScreenKind(kind), camera, timedelta(days=days), self.clock.now())
        return link.id, secret

    @property
    def links(self) -> Links:
        """As another process has them."""
        return Links(self.folder / "board")


def make_guarded_board(folder: Path, auth: Auth = Auth.PASSWORD, **settings: Any) -> GuardedBoard:
    """Of the cameras `lobby` and `hall`; the proxy's address is `PROXY`."""
    given = {
        "auth": auth,
        "password": PASSWORD,
        "cameras": ("lobby", "hall"),
        "trusted_proxies": (ip_network(PROXY),),
        "data_dir": folder,
        "host_name": "pi",
        "billboard_file": CHECKOUT / "demo" / "billboard" / "billboard.toml",
        **settings,
    }
    return GuardedBoard(folder, given)


def log_in(client: TestClient, password: str = PASSWORD) -> Any:
    """The answer."""
    return client.post("/login", data={"password": password})

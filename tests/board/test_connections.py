"""Who may keep a connection of the board: whoever asks for something, and not whoever only begins to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from starlette.exceptions import HTTPException
from starlette.requests import Request

from board.connections import PunctualProtocol
from board.web.forms import read_form

PATIENCE_SECONDS = 20
Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Hasty(PunctualProtocol):
    head_seconds = 0.05


class App:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.asked, self.go = asyncio.Event(), asyncio.Event()

    async def __call__(self, _scope: Any, _receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        self.asked.set()
        await self.go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[Connect]:
    """Opens a connection at each call."""
    config = uvicorn.Config(app, http=Hasty, lifespan="off", log_config=None)
    config.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Hasty(config, state, {}), "127.0.0.1", 0)
    async with server:
        yield lambda: asyncio.open_connection(*server.sockets[0].getsockname())


def test_a_form_that_does_not_come_is_waited_for_in_vain() -> None:
    async def never() -> Any:
        await asyncio.Event().wait()

    async def scenario() -> None:
        with pytest.raises(HTTPException, match="408"):
            await read_form(Request({"type": "http", "method": "POST", "headers": []}, never), patience=0.01)

    run(scenario)


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        await asyncio.wait_for(scenario(), PATIENCE_SECONDS)

    asyncio.run(within())


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nHost: local", HEAD + b"GET"], ids=["nothing", "half", "more"]
)
def test_whoever_says_half_of_what_they_want_makes_room(sent: bytes) -> None:
    async def scenario() -> None:
        app = App()
        app.go.set()
        async with serving(app) as connect:
            reader, writer = await connect()
            writer.write(sent)
            await reader.read()
            writer.close()

    run(scenario)


def test_whoever_waits_for_an_answer_is_answered_however_long_it_takes() -> None:
    async def scenario() -> None:
        app = App()
        async with serving(app) as connect:
            reader, writer = await connect()
            writer.write(HEAD)
            await app.asked.wait()
            # Another one, whose time is over later.
            idle, other = await connect()
            assert await idle.read() == b""
            app.go.set()
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            writer.close()
            other.close()

    run(scenario)

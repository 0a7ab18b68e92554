"""Connections: whoever opens one says in time what they want, or makes room for others."""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""From the connection's begin, or the last answer, to the end of a request's head."""


class PunctualProtocol(H11Protocol):
    """Uvicorn (0.54) waits for a head without end: a thousand of them, and nobody else comes in."""

    head_seconds: ClassVar[float] = HEAD_SECONDS

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop()

    def _wait(self) -> None:
        self._stop()
        self._waiting = self.loop.call_later(self.head_seconds, self._close_if_idle)

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()

    def _close_if_idle(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()

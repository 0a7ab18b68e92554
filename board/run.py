"""`run`: serve until SIGTERM or SIGINT, and be gone within a second."""

import asyncio
import os
import signal
import socket
from collections.abc import Mapping
from threading import Timer
from types import FrameType

import structlog
import uvicorn

from board.aws.clients import aws_session, connect
from board.connections import PunctualProtocol
from board.domain.errors import CloudError
from board.feed import Feed
from board.logs import configure_logs
from board.services import make_services
from board.settings import SETTINGS, BoardSettings, SettingsError, load
from board.settings.mistakes import collect
from board.settings.unknown import unknown_variables
from board.web.app import make_app

log = structlog.get_logger(__name__)

GRACE_SECONDS = 1
"""For requests under way when the board stops."""
LATEST_SECONDS = 0.9
"""A call that AWS does not answer would keep its thread, and with it the process, for ten seconds."""


class _Server(uvicorn.Server):
    """Ends event streams when it is asked to stop: by itself uvicorn would wait for their viewers to leave."""

    def __init__(self, config: uvicorn.Config, feed: Feed) -> None:
        super().__init__(config)
        self._feed = feed

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Not super's: it would raise the signal once more at the end, and the exit code would not be 0.
        del frame
        self.force_exit = self.should_exit and sig == signal.SIGINT
        if not self.should_exit:
            latest = Timer(LATEST_SECONDS, os._exit, (0,))
            latest.daemon = True
            latest.start()
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._feed.close)


def run(environ: Mapping[str, str]) -> int:
    """The exit code. Raises SettingsError."""
    # As uvicorn does once it has started; until then nothing has to be ended.
    signal.signal(signal.SIGTERM, _leave)
    mistakes: list[str] = []
    settings, session = collect(mistakes, lambda: load(environ)), collect(mistakes, aws_session)
    if settings is None or session is None:
        raise SettingsError(*mistakes)
    configure_logs(settings.log_level, settings.log_format, filter(None, [settings.password]))
    for doubt in unknown_variables(environ, SETTINGS):
        log.warning(doubt, action="unknown_setting")
    try:
        services = make_services(settings, connect(session, actions=settings.actions))
    except CloudError as error:
        raise SettingsError(str(error)) from error
    app = make_app(services)
    with _listening(settings) as listener:
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        log.info("the board is open", action="board_ready", address=f"http://{shown}:{port}/")
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            http=PunctualProtocol,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        _Server(config, services.feed).run(sockets=[listener])
    return 0


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _listening(settings: BoardSettings) -> socket.socket:
    """Raises SettingsError."""
    try:
        family, *_, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        where = f"{settings.host}, port {settings.port}"
        raise SettingsError(f"BOARD_HOST, BOARD_PORT: cannot listen on {where}: {error.strerror or error}") from error

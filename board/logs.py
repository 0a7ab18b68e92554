"""Structured logs: JSON unless on a terminal, one line an event, no secret and no control character in them."""

import logging
import sys
from collections.abc import Iterable
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"


def configure_logs(
    level: str,
    style: str,
    secrets: Iterable[str] = (),
) -> None:
    """Log to standard error; `secrets` are replaced wherever they turn up. `style` is `json`, `console` or `auto`.

    The libraries' own logs are kept to warnings: at "debug" they would write down headers and bodies.
    """
    console = style == "console" or (style == "auto" and sys.stderr.isatty())
    # The longest first: a secret may begin with another.
    shared = _processors(console=console, secrets=sorted(filter(None, secrets), key=len, reverse=True))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    renderer: Processor = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove_meta, renderer])
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("board").setLevel(logging.DEBUG)


def _processors(*, console: bool, secrets: list[str]) -> list[Processor]:
    def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        # What begins with an underscore is the logging library's own.
        return {key: value if key.startswith("_") else _hidden(value, secrets) for key, value in event.items()}

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
        *([_escape_control_characters] if console else []),
    ]


def _hidden(value: Any, secrets: list[str]) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, dict):
        return {key: _hidden(item, secrets) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(item, secrets) for item in value]
    text = str(value)
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def _escape_control_characters(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """JSON escapes them by itself; a terminal would obey them. A traceback keeps its lines."""
    return {
        key: printable(value) if isinstance(value, str) and key != "exception" else value
        for key, value in event.items()
    }


def printable(text: str) -> str:
    """`text` with what a terminal would obey written out."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)

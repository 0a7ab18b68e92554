"""The board's clock, for screens whose own may be wrong: in epoch milliseconds, as scripts reckon."""

from starlette.requests import Request

from board.web.pages import services_of

HEADER = "Board-Time"


def board_time(request: Request) -> int:
    """Of this moment; an answer's `HEADER` has it."""
    return round(services_of(request).now().timestamp() * 1000)

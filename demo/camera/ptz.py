"""`ptz.cgi`: start and stop of a movement (Amcrest HTTP API, "PTZ control")."""

from demo.camera.events import PtzCommand
from demo.camera.exchange import BAD_REQUEST, FAILED, OK, Exchange
from demo.camera.faults import PtzFault

CODES = frozenset(
    {
        *("Up", "Down", "Left", "Right", "LeftUp", "RightUp", "LeftDown", "RightDown"),
        *("ZoomTele", "ZoomWide", "FocusNear", "FocusFar", "IrisLarge", "IrisSmall"),
    }
)
_FAILING = {PtzFault.START_FAILS: "start", PtzFault.STOP_FAILS: "stop"}


def ptz(exchange: Exchange) -> None:
    fault = exchange.state.faults.ptz
    command = _command(exchange, fault)
    if command is None or fault is PtzFault.ABSENT:
        exchange.answer(BAD_REQUEST)
        return
    exchange.state.journal.write(command)
    exchange.answer(OK if command.ok else FAILED)


def _command(exchange: Exchange, fault: PtzFault | None) -> PtzCommand | None:
    asked = exchange.query
    action, code = asked.get("action", ""), asked.get("code", "")
    if action not in {"start", "stop"} or code not in CODES:
        return None
    try:
        channel, speed = int(asked["channel"]), int(asked["arg2"])
    except (KeyError, ValueError):
        return None
    ok = fault is None or _FAILING.get(fault) != action
    return PtzCommand(exchange.state.clock(), action, code, channel, speed, ok)

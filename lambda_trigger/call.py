"""One invocation: its request id, which is the press's identity, and when AWS accepted it."""

import re
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lambda_trigger.log import log
from lambda_trigger.press import Command, Press

_PRESS_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
# The middle of a trace's root is when the trace began, in hexadecimal epoch seconds.
_TRACE_ROOT = re.compile(r"(?:^|;)\s*Root=1-([0-9a-f]{8})-[0-9a-f]{24}(?:;|$)")
# AWS gives an asynchronous event up at MaximumEventAgeInSeconds, 300 in the template. A trace that began earlier is
# not the invocation's own but that of a workflow which invoked it, and would make a fresh press look old.
_OLDEST_TRACE = timedelta(minutes=6)


@dataclass(frozen=True)
class Call:
    """`now` by the wall clock, `started` by the monotonic one.

    `accepted` is when AWS first accepted the invocation, to the second: the attempts at an asynchronous invocation
    share their request id and, as subsegments, their trace, and nothing else that this function is told. Where there
    is no such trace it is `now`, and a repeated attempt has another.
    """

    request_id: str
    now: datetime
    accepted: datetime
    started: float

    @classmethod
    def begin(cls, context: object, trace: str | None, now: datetime) -> "Call":
        """`trace` is the variable _X_AMZN_TRACE_ID, which Lambda sets for each invocation, traced or not."""
        given = getattr(context, "aws_request_id", None)
        request_id = given if isinstance(given, str) and _PRESS_ID.fullmatch(given) else str(uuid.uuid4())
        return cls(request_id, now, _accepted(trace, now), time.monotonic())

    def command(self, press: Press) -> Command:
        """The press with its identity. A time still to come is told by a wrong clock, and counts as none."""
        told = press.pressed_at
        return Command(press, self.request_id, told if told and told <= self.now else self.accepted)

    def log(self, level: str, action: str, **fields: object) -> None:
        log(level, action, request_id=self.request_id, **fields)


def _accepted(trace: str | None, now: datetime) -> datetime:
    root = _TRACE_ROOT.search(trace or "")
    began = datetime.fromtimestamp(int(root[1], 16), UTC) if root else now
    return began if now - _OLDEST_TRACE <= began <= now else now

"""One invocation: its request id, which is the press's identity, and when it began."""

import re
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from lambda_trigger.log import log
from lambda_trigger.press import Command, Press

_PRESS_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True)
class Call:
    """`now` by the wall clock, `started` by the monotonic one."""

    request_id: str
    now: datetime
    started: float

    @classmethod
    def begin(cls, context: object) -> "Call":
        given = getattr(context, "aws_request_id", None)
        request_id = given if isinstance(given, str) and _PRESS_ID.fullmatch(given) else str(uuid.uuid4())
        return cls(request_id, datetime.now(UTC), time.monotonic())

    def command(self, press: Press) -> Command:
        """The press with its identity. A time still to come is told by a wrong clock, and replaced by now."""
        told = press.pressed_at
        return Command(press, self.request_id, told if told and told <= self.now else self.now)

    def log(self, level: str, action: str, **fields: object) -> None:
        log(level, action, request_id=self.request_id, **fields)

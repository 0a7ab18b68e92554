"""A connection that is open before it is needed."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog
from botocore import UNSIGNED

from worker.aws.errors import cloud_errors
from worker.domain.errors import CloudError

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient

KEPT_SECONDS = 5.0
"""Of an unused connection: AWS does not say for how long it keeps one, and a new one takes two or three round trips."""

OPERATION = "ListCollections"
"""What opens it; refused on purpose, so it counts as no call."""

log = structlog.get_logger(__name__)


class WarmConnection:
    """Knows whether a client was used lately.

    botocore opens connections for requests only, so this one is for an operation without parameters, and unsigned:
    nobody needs a permission for it, and it is refused for nothing.
    """

    def __init__(self, client: "RekognitionClient", monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._monotonic = monotonic
        self._used_at = float("-inf")
        client.meta.events.register("before-send.rekognition", self._note_use)
        client.meta.events.register(f"choose-signer.rekognition.{OPERATION}", _leave_unsigned)

    def restore(self) -> None:
        """Have an open connection, if there may be none. Nobody depends on it: what goes wrong is only logged."""
        if self._monotonic() - self._used_at <= KEPT_SECONDS:
            return
        try:
            with cloud_errors("rekognition:ListCollections"):
                self._client.list_collections()
        except CloudError as error:
            log.debug("a connection to Rekognition was asked for", action="warm_up", answer=str(error))

    def _note_use(self, **_: Any) -> None:
        self._used_at = self._monotonic()


def _leave_unsigned(**_: Any) -> Any:
    return UNSIGNED

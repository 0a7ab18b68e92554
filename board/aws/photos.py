"""Photos and clips in the bucket, handed on a piece at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from board.aws.errors import cloud_errors, status_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PIECE_BYTES = 256_000
FOLDER = "captures/"
"""Of photos and clips in the bucket; the board may read nothing else, whatever a record names."""

_ABSENT = {403, 404}
"""Without s3:ListBucket, which the board does not need, S3 calls a missing object "denied"."""
_NO_SUCH_RANGE = 416


class RangeNotSatisfiable(Exception):
    """The object ends before what was asked of it begins."""


@dataclass(frozen=True)
class Opened:
    """`pieces` come from the network, and raise CloudError; `content_range` is None where all of it comes.

    `close` whatever was read of it, also nothing: it frees the connection.
    """

    pieces: Iterator[bytes]
    close: Callable[[], None]
    length: int
    content_range: str | None


@dataclass(frozen=True)
class Photos:
    """Blocks, and raises CloudError."""

    client: "S3Client"
    bucket: str

    def open(self, key: str, byte_range: str | None = None) -> Opened | None:
        """What lies there, or None; of a `byte_range` such as `bytes=0-1023` only that. Raises RangeNotSatisfiable."""
        if not key.startswith(FOLDER):
            return None
        wished: Any = {} if byte_range is None else {"Range": byte_range}
        with cloud_errors("s3:GetObject"):
            try:
                answer = self.client.get_object(Bucket=self.bucket, Key=key, **wished)
            except ClientError as error:
                if status_of(error) in _ABSENT:
                    return None
                if status_of(error) == _NO_SUCH_RANGE:
                    raise RangeNotSatisfiable from error
                raise
        body = answer["Body"]
        return Opened(_pieces(body), body.close, answer["ContentLength"], answer.get("ContentRange"))


def _pieces(body: Any) -> Iterator[bytes]:
    """What breaks off in the middle is an error of the call, too."""
    with cloud_errors("s3:GetObject"):
        yield from body.iter_chunks(PIECE_BYTES)

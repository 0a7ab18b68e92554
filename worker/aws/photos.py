"""The S3 bucket of photos and clips."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from worker.aws.errors import cloud_errors
from worker.domain.clip import Clip, SpooledClip, Video
from worker.domain.photo import MAX_SNAPSHOT_BYTES
from worker.domain.timestamp import iso, parse_iso

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


PIECE_BYTES = 1_000_000

_TAKEN_AT = "taken-at"
_VIDEO, _VIDEO_SECONDS = "video", "video-seconds"
_ABSENT = {403, 404}
"""Without s3:ListBucket, which the worker does not need, S3 calls a missing object "denied"."""


@dataclass(frozen=True)
class Photos:
    """Photos and clips by their key. All raise CloudError."""

    client: "S3Client"
    bucket: str

    def of(self, bucket: str) -> "Photos":
        """Those in another bucket."""
        return Photos(self.client, bucket)

    def store(self, key: str, photo: bytes, taken_at: datetime) -> None:
        with cloud_errors("s3:PutObject"):
            self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=photo,
                ContentType="image/jpeg",
                Metadata={_TAKEN_AT: iso(taken_at)},
            )

    def find(self, key: str) -> tuple[bytes, datetime] | None:
        """The photo that another host may have stored, and when it was taken."""
        with cloud_errors("s3:GetObject"):
            try:
                answer = self.client.get_object(Bucket=self.bucket, Key=key)
            except ClientError as error:
                if _is_absent(error):
                    return None
                raise
            taken_at = answer["Metadata"].get(_TAKEN_AT)
            if answer["ContentLength"] > MAX_SNAPSHOT_BYTES:
                return None
            return answer["Body"].read(), parse_iso(taken_at) if taken_at else answer["LastModified"]

    def store_clip(self, key: str, spooled: SpooledClip) -> None:
        """From the disk, a piece at a time. Raises OSError where it cannot be read."""
        clip = spooled.clip
        seconds = {} if clip.seconds is None else {_VIDEO_SECONDS: f"{clip.seconds:.3f}"}
        with spooled.path.open("rb") as file, cloud_errors("s3:PutObject"):
            self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=file,
                ContentType="video/mp4",
                Metadata={_TAKEN_AT: iso(clip.taken_at), _VIDEO: clip.video, **seconds},
            )

    def find_clip(self, key: str) -> Clip | None:
        """The clip that another host may have stored. Whose kind nobody has noted counts as partial."""
        answer = self._head(key)
        if answer is None:
            return None
        told = answer["Metadata"]
        seconds = float(told[_VIDEO_SECONDS]) if _VIDEO_SECONDS in told else None
        taken_at = parse_iso(told[_TAKEN_AT]) if _TAKEN_AT in told else answer["LastModified"]
        return Clip(taken_at, answer["ContentLength"], Video(told.get(_VIDEO, Video.PARTIAL)), seconds)

    def pieces(self, key: str) -> Iterator[bytes] | None:
        """What lies there, a piece at a time; None where nothing does."""
        with cloud_errors("s3:GetObject"):
            try:
                answer = self.client.get_object(Bucket=self.bucket, Key=key)
            except ClientError as error:
                if _is_absent(error):
                    return None
                raise
        return _read(answer["Body"])

    def has(self, key: str) -> bool:
        return self._head(key) is not None

    def delete(self, key: str) -> None:
        """Absent ones too, without an error. In a bucket with versioning, earlier versions stay."""
        with cloud_errors("s3:DeleteObject"):
            self.client.delete_object(Bucket=self.bucket, Key=key)

    def _head(self, key: str) -> Mapping[str, Any] | None:
        with cloud_errors("s3:GetObject"):
            try:
                return self.client.head_object(Bucket=self.bucket, Key=key)
            except ClientError as error:
                if _is_absent(error):
                    return None
                raise


def _is_absent(error: ClientError) -> bool:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") in _ABSENT


def _read(body: Any) -> Iterator[bytes]:
    """What breaks off in the middle is an error of the call, too."""
    with cloud_errors("s3:GetObject"):
        yield from body.iter_chunks(PIECE_BYTES)

"""The S3 bucket of photos."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from worker.aws.errors import cloud_errors
from worker.domain.photo import MAX_SNAPSHOT_BYTES
from worker.domain.timestamp import iso, parse_iso

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


_TAKEN_AT = "taken-at"
_ABSENT = {403, 404}
"""Without s3:ListBucket, which the worker does not need, S3 calls a missing object "denied"."""


@dataclass(frozen=True)
class Photos:
    """Photos by their key. All raise CloudError."""

    client: "S3Client"
    bucket: str

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
                if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") in _ABSENT:
                    return None
                raise
            taken_at = answer["Metadata"].get(_TAKEN_AT)
            if answer["ContentLength"] > MAX_SNAPSHOT_BYTES:
                return None
            return answer["Body"].read(), parse_iso(taken_at) if taken_at else answer["LastModified"]

    def has(self, key: str) -> bool:
        with cloud_errors("s3:GetObject"):
            try:
                self.client.head_object(Bucket=self.bucket, Key=key)
            except ClientError as error:
                if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") in _ABSENT:
                    return False
                raise
            return True

    def delete(self, key: str) -> None:
        """Absent photos too, without an error. In a bucket with versioning, earlier versions stay."""
        with cloud_errors("s3:DeleteObject"):
            self.client.delete_object(Bucket=self.bucket, Key=key)

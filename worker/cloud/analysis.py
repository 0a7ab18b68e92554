"""Rekognition: faces, labels and text in one photo."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from worker.cloud.errors import CloudUnavailable, cloud_errors
from worker.faces import Face, read_faces

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_rekognition.type_defs import ImageTypeDef

MAX_IMAGE_BYTES = 5_242_880
"""Rekognition's limit for a photo that is sent as bytes; a larger one is read from S3."""


@dataclass(frozen=True)
class StoredPhoto:
    """A photo too large to send, which already lies in S3."""

    bucket: str
    key: str


@dataclass(frozen=True)
class Analyst:
    """Asks Rekognition. All raise CloudError; each call costs about $0.001."""

    client: "RekognitionClient"
    face_attributes: Literal["EMOTIONS", "ALL"]

    def faces(self, photo: bytes | StoredPhoto) -> tuple[Face, ...]:
        """Largest first."""
        with cloud_errors("rekognition:DetectFaces"):
            answer = self.client.detect_faces(Image=_image(photo), Attributes=[self.face_attributes])
        if "FaceDetails" not in answer:
            # botocore reads a body that is no JSON as an empty answer, which would be "nobody there".
            raise CloudUnavailable("rekognition:DetectFaces: half an answer")
        return read_faces(answer["FaceDetails"], keep_attributes=self.face_attributes == "ALL")

    def labels(self, photo: bytes | StoredPhoto) -> tuple[Mapping[str, Any], ...]:
        """`name` and `confidence` (0..100) of what is in the photo."""
        with cloud_errors("rekognition:DetectLabels"):
            answer = self.client.detect_labels(Image=_image(photo))
        return tuple({"name": label["Name"], "confidence": label["Confidence"]} for label in answer.get("Labels", []))

    def text(self, photo: bytes | StoredPhoto) -> tuple[Mapping[str, Any], ...]:
        """`text` and `confidence` (0..100) of each line; the words of a line are not repeated."""
        with cloud_errors("rekognition:DetectText"):
            answer = self.client.detect_text(Image=_image(photo))
        return tuple(
            {"text": found["DetectedText"], "confidence": found["Confidence"]}
            for found in answer.get("TextDetections", [])
            if found.get("Type", "LINE") == "LINE"
        )


def _image(photo: bytes | StoredPhoto) -> "ImageTypeDef":
    if isinstance(photo, StoredPhoto):
        return {"S3Object": {"Bucket": photo.bucket, "Name": photo.key}}
    return {"Bytes": photo}

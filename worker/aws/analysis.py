"""Rekognition: faces, labels and text in one photo."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from worker.aws.errors import cloud_errors
from worker.aws.warm_connection import WarmConnection
from worker.domain.audience_face import AudienceFace, read_audience
from worker.domain.errors import CloudUnavailable
from worker.domain.faces import Face, read_faces
from worker.domain.photo import StoredPhoto

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_rekognition.literals import AttributeType
    from mypy_boto3_rekognition.type_defs import FaceDetailTypeDef, ImageTypeDef

_OF_AN_AUDIENCE: "list[AttributeType]" = ["DEFAULT", "EMOTIONS", "SMILE", "EYES_OPEN", "FACE_OCCLUDED"]


class Analyst:
    """Asks Rekognition. All but `expect_photo` raise CloudError; each call costs about $0.001."""

    def __init__(self, client: "RekognitionClient", face_attributes: Literal["EMOTIONS", "ALL"]) -> None:
        self.client = client
        self.face_attributes = face_attributes
        self._warmth = WarmConnection(client)

    def expect_photo(self) -> None:
        """Have a connection by the time there is a photo; costs nothing."""
        self._warmth.restore()

    def faces(self, photo: bytes | StoredPhoto) -> tuple[Face, ...]:
        """Largest first."""
        return read_faces(self._detect(photo, [self.face_attributes]), keep_attributes=self.face_attributes == "ALL")

    def audience(self, photo: bytes) -> tuple[AudienceFace, ...]:
        """What an audience is measured by."""
        return read_audience(self._detect(photo, _OF_AN_AUDIENCE))

    def _detect(self, photo: bytes | StoredPhoto, attributes: "list[AttributeType]") -> "list[FaceDetailTypeDef]":
        with cloud_errors("rekognition:DetectFaces"):
            answer = self.client.detect_faces(Image=_image(photo), Attributes=attributes)
        if "FaceDetails" not in answer:
            # botocore reads a body that is no JSON as an empty answer, which would be "nobody there".
            raise CloudUnavailable("rekognition:DetectFaces: half an answer")
        return answer["FaceDetails"]

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

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from botocore.exceptions import ClientError
from PIL import Image

from localcloud.rekognition import MAX_BYTES, MAX_S3_BYTES
from tests.localcloud.conftest import FixedFaces

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_s3 import S3Client

ORIENTATION = 0x0112


def encoded(width: int, height: int, image_format: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    file = BytesIO()
    Image.new(mode, (width, height), "white").save(file, image_format, **options)
    return file.getvalue()


PHOTO = encoded(160, 120)


def refusal(call: Callable[..., Any], **request: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**request)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    return refused.value.response["Error"]["Code"]


@pytest.mark.parametrize(
    "attributes", [[], ["DEFAULT"], ["DEFAULT", "EMOTIONS", "SMILE", "EYES_OPEN", "FACE_OCCLUDED"], ["ALL"]]
)
def test_the_detector_is_asked_for_what_the_request_asks_for(
    rekognition: "RekognitionClient", faces: FixedFaces, attributes: list[Any]
) -> None:
    (face,) = rekognition.detect_faces(Image={"Bytes": PHOTO}, Attributes=attributes)["FaceDetails"]
    assert faces.asked[-1] == set(attributes)
    assert {"BoundingBox", "Confidence", "Emotions", "Landmarks", "Pose"} == set(face)


def test_a_request_without_attributes_asks_for_the_default(rekognition: "RekognitionClient", faces: FixedFaces) -> None:
    rekognition.detect_faces(Image={"Bytes": PHOTO})
    assert faces.asked[-1] == {"DEFAULT"}


def test_every_attribute_that_boto3_knows_is_taken(rekognition: "RekognitionClient") -> None:
    known: Any = rekognition.meta.service_model.shape_for("Attribute")
    assert rekognition.detect_faces(Image={"Bytes": PHOTO}, Attributes=known.enum)["FaceDetails"]


@pytest.mark.parametrize("photo", [PHOTO, encoded(160, 120, "PNG"), encoded(160, 120, "PNG", "RGBA")])
def test_the_detector_sees_rgb_whatever_the_file(
    rekognition: "RekognitionClient", faces: FixedFaces, photo: bytes
) -> None:
    rekognition.detect_faces(Image={"Bytes": photo})
    assert faces.images[-1].shape == (120, 160, 3)
    assert faces.images[-1].dtype == np.uint8


def test_a_photo_taken_sideways_is_turned_upright(rekognition: "RekognitionClient", faces: FixedFaces) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    rekognition.detect_faces(Image={"Bytes": encoded(160, 120, exif=exif)})
    assert faces.images[-1].shape == (160, 120, 3)


def test_a_photo_can_be_read_from_the_bucket(
    rekognition: "RekognitionClient", s3: "S3Client", bucket: str, faces: FixedFaces
) -> None:
    s3.put_object(Bucket=bucket, Key="captures/lobby/one.jpg", Body=encoded(200, 100))
    rekognition.detect_faces(Image={"S3Object": {"Bucket": bucket, "Name": "captures/lobby/one.jpg"}})
    assert faces.images[-1].shape == (100, 200, 3)


def test_photos_up_to_the_limit_are_taken(rekognition: "RekognitionClient") -> None:
    # What follows the end of a JPEG does not belong to it.
    assert rekognition.detect_faces(Image={"Bytes": PHOTO.ljust(MAX_BYTES, b"\0")})["FaceDetails"]


@pytest.mark.parametrize(
    ("image", "code"),
    [
        ({}, "InvalidParameterException"),
        ({"Bytes": PHOTO, "S3Object": {"Bucket": "any", "Name": "a"}}, "InvalidParameterException"),
        ({"Bytes": PHOTO.ljust(MAX_BYTES + 1, b"\0")}, "ValidationException"),
        ({"Bytes": b"not a photo"}, "InvalidImageFormatException"),
        ({"Bytes": PHOTO[: len(PHOTO) // 2]}, "InvalidImageFormatException"),
        ({"Bytes": encoded(160, 120, "GIF", "P")}, "InvalidImageFormatException"),
        ({"Bytes": encoded(160, 79)}, "InvalidParameterException"),
        ({"Bytes": encoded(8000, 7000, "PNG", "1")}, "ImageTooLargeException"),
        ({"Bytes": encoded(20_000, 20_000, "PNG", "1")}, "ImageTooLargeException"),
        ({"S3Object": {"Bucket": "absent", "Name": "a.jpg"}}, "InvalidS3ObjectException"),
    ],
)
def test_what_rekognition_refuses_is_refused_by_its_names_and_not_retried(
    rekognition: "RekognitionClient", image: dict[str, Any], code: str
) -> None:
    assert code == refusal(rekognition.detect_faces, Image=image)


def test_a_photo_that_is_not_in_the_bucket_is_refused(rekognition: "RekognitionClient", bucket: str) -> None:
    absent = {"S3Object": {"Bucket": bucket, "Name": "absent.jpg"}}
    assert refusal(rekognition.detect_faces, Image=absent) == "InvalidS3ObjectException"


def test_a_photo_in_the_bucket_has_its_own_limit(rekognition: "RekognitionClient", s3: "S3Client", bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="most", Body=PHOTO.ljust(MAX_S3_BYTES, b"\0"))
    s3.put_object(Bucket=bucket, Key="more", Body=PHOTO.ljust(MAX_S3_BYTES + 1, b"\0"))
    assert rekognition.detect_faces(Image={"S3Object": {"Bucket": bucket, "Name": "most"}})["FaceDetails"]
    more = {"S3Object": {"Bucket": bucket, "Name": "more"}}
    assert refusal(rekognition.detect_faces, Image=more) == "ImageTooLargeException"


def test_an_attribute_nobody_knows_is_refused(rekognition: "RekognitionClient") -> None:
    request: dict[str, Any] = {"Image": {"Bytes": PHOTO}, "Attributes": ["CHARM"]}
    assert refusal(rekognition.detect_faces, **request) == "ValidationException"


def test_other_analyses_say_that_they_need_aws(rekognition: "RekognitionClient") -> None:
    for analysis in (rekognition.detect_labels, rekognition.detect_text, rekognition.recognize_celebrities):
        assert refusal(analysis, Image={"Bytes": PHOTO}) == "NotAvailableLocallyException"

import io

import pytest
from PIL import Image

from localcloud.server import LocalCloud
from worker.aws.analysis import Analyst
from worker.aws.clients import Clients
from worker.domain.errors import CloudError, CloudRefused
from worker.domain.photo import StoredPhoto


@pytest.fixture(scope="module")
def photo() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((160, 120), sigma=40).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def analyst(clients: Clients) -> Analyst:
    return Analyst(clients.rekognition, "EMOTIONS")


def test_faces_are_read_from_a_photo(analyst: Analyst, photo: bytes) -> None:
    (face,) = analyst.faces(photo)
    assert (face.emotion, face.confidence, face.box.width) == ("HAPPY", 90.0, 0.125)


def test_faces_are_read_from_a_stored_photo(
    analyst: Analyst, photo: bytes, clients: Clients, cloud: LocalCloud
) -> None:
    clients.s3.put_object(Bucket=cloud.resources.bucket, Key="captures/large.jpg", Body=photo)
    assert analyst.faces(StoredPhoto(cloud.resources.bucket, "captures/large.jpg")) == analyst.faces(photo)


def test_what_is_no_photo_is_refused(analyst: Analyst) -> None:
    with pytest.raises(CloudRefused, match="InvalidImageFormat"):
        analyst.faces(b"\xff\xd8\xff\xd9")


def test_an_analysis_that_is_not_to_be_had_is_an_error_of_the_cloud(analyst: Analyst, photo: bytes) -> None:
    for read in (analyst.labels, analyst.text):
        with pytest.raises(CloudError, match="rekognition:Detect"):
            read(photo)

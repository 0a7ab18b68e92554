from datetime import UTC, datetime
from uuid import uuid4

import pytest

from localcloud.server import LocalCloud
from worker.aws.clients import Clients
from worker.aws.photos import Photos
from worker.domain.errors import CloudRefused

TAKEN_AT = datetime(2026, 11, 22, 18, 44, 1, 250_000, UTC)
PHOTO = b"\xff\xd8photo\xff\xd9"


@pytest.fixture
def photos(clients: Clients, cloud: LocalCloud) -> Photos:
    return Photos(clients.s3, cloud.resources.bucket)


def test_a_photo_is_found_with_the_moment_it_was_taken(photos: Photos, clients: Clients) -> None:
    key = f"captures/default/{uuid4()}.jpg"
    photos.store(key, PHOTO, TAKEN_AT)
    assert photos.find(key) == (PHOTO, TAKEN_AT)
    assert clients.s3.head_object(Bucket=photos.bucket, Key=key)["ContentType"] == "image/jpeg"


def test_a_photo_that_is_not_there_is_none(photos: Photos) -> None:
    assert photos.find("captures/nowhere.jpg") is None


def test_a_photo_of_somebody_else_s_has_the_moment_it_was_stored(photos: Photos, clients: Clients) -> None:
    clients.s3.put_object(Bucket=photos.bucket, Key="captures/other.jpg", Body=PHOTO)
    found = photos.find("captures/other.jpg")
    assert found is not None
    assert abs((found[1] - datetime.now(UTC)).total_seconds()) < 30


def test_a_bucket_that_is_not_there_is_refused(clients: Clients) -> None:
    with pytest.raises(CloudRefused, match="s3:PutObject: NoSuchBucket"):
        Photos(clients.s3, "nowhere").store("captures/x.jpg", PHOTO, TAKEN_AT)

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from botocore.awsrequest import AWSPreparedRequest

from localcloud.server import LocalCloud
from worker.aws.clients import Clients
from worker.aws.photos import PIECE_BYTES, Photos
from worker.domain.clip import Clip, SpooledClip, Video
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


@pytest.fixture
def spooled(tmp_path: Path) -> SpooledClip:
    """Ten seconds of which nobody keeps all in memory."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"12345678" * 500_000)
    progress = {"video_seconds": 10.07, "video": "complete"}
    return SpooledClip(path, 4_000_000, TAKEN_AT, finished=True, progress=progress)


def test_a_clip_is_found_with_what_is_known_of_it(photos: Photos, clients: Clients, spooled: SpooledClip) -> None:
    key = f"captures/default/{uuid4()}.mp4"
    photos.store_clip(key, spooled)
    assert photos.find_clip(key) == Clip(TAKEN_AT, 4_000_000, Video.COMPLETE, 10.07)
    assert clients.s3.head_object(Bucket=photos.bucket, Key=key)["ContentType"] == "video/mp4"


def test_a_clip_is_read_a_piece_at_a_time(photos: Photos, spooled: SpooledClip) -> None:
    key = f"captures/default/{uuid4()}.mp4"
    photos.store_clip(key, spooled)
    pieces = photos.pieces(key)
    assert pieces is not None
    sizes = []
    with spooled.path.open("rb") as file:
        for piece in pieces:
            sizes.append(len(piece))
            assert piece == file.read(len(piece))
    assert (sum(sizes), max(sizes) <= PIECE_BYTES) == (4_000_000, True)


def test_a_clip_is_sent_from_the_disk(photos: Photos, clients: Clients, spooled: SpooledClip) -> None:
    bodies: list[object] = []

    def note(request: AWSPreparedRequest, **_: object) -> None:
        bodies.append(request.body)

    clients.s3.meta.events.register("before-send.s3.PutObject", note)
    try:
        photos.store_clip(f"captures/default/{uuid4()}.mp4", spooled)
    finally:
        clients.s3.meta.events.unregister("before-send.s3.PutObject", note)
    assert len(bodies) == 1
    assert not isinstance(bodies[0], bytes | bytearray)


def test_a_clip_that_is_not_there_is_none(photos: Photos) -> None:
    assert (photos.find_clip("captures/nowhere.mp4"), photos.pieces("captures/nowhere.mp4")) == (None, None)


def test_a_clip_of_which_nothing_was_told_is_partial(photos: Photos, clients: Clients) -> None:
    clients.s3.put_object(Bucket=photos.bucket, Key="captures/other.mp4", Body=b"clip")
    found = photos.find_clip("captures/other.mp4")
    assert found is not None
    assert (found.size, found.video, found.seconds) == (4, Video.PARTIAL, None)

import io
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageChops, ImageStat

from tests.worker.video.films import film, pixels, scene
from worker.domain.jpeg import dimensions, whole_jpeg
from worker.domain.video import Codec
from worker.video.decoding import newest
from worker.video.exif import dated
from worker.video.jpeg import jpeg

TAKEN_AT = datetime(2026, 11, 22, 18, 44, 0, 123_456, UTC)
# ITU-T T.81, table K.1.
LUMINANCE = [16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56]
LUMINANCE += [14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92]
LUMINANCE += [49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99]


def at_quality(quality: int) -> list[int]:
    """As the Independent JPEG Group scales the table, for 50 and more."""
    return [max(1, (value * (200 - 2 * quality) + 50) // 100) for value in LUMINANCE]


def photo(size: tuple[int, int] = (640, 480), codec: Codec = Codec.H264, colours: int = 1) -> bytes:
    return jpeg(newest(film(1, size=size, codec=codec, colours=colours)).frame)


def test_a_photo_is_a_whole_jpeg_of_the_stream_s_size() -> None:
    taken = photo((640, 480))
    assert whole_jpeg(taken) == taken
    assert dimensions(taken) == (640, 480)


def test_no_detail_is_coarser_than_at_quality_90_and_brightness_has_all_its_steps() -> None:
    taken: Any = Image.open(io.BytesIO(photo()))
    for table in taken.quantization.values():
        ours = [table[position] for position in range(64)]
        assert all(own <= theirs for own, theirs in zip(sorted(ours[1:]), sorted(at_quality(90)[1:]), strict=True))
        assert sum(ours) <= sum(at_quality(95))
        # Of a block's mean: 8 is one step of 255.
        assert ours[0] <= 8


@pytest.mark.parametrize("codec", Codec)
@pytest.mark.parametrize("colours", [1, 6])
def test_colours_are_those_that_the_camera_saw(codec: Codec, colours: int) -> None:
    source, taken = scene(9, (640, 480)), pixels(photo((640, 480), codec, colours))
    mean = [taken - seen for taken, seen in zip(_mean(taken), _mean(source), strict=True)]
    assert all(abs(channel) < 1.5 for channel in mean), mean
    assert max(ImageStat.Stat(ImageChops.difference(source, taken)).mean) < 5


def _mean(picture: Image.Image) -> list[float]:
    return list(ImageStat.Stat(picture).mean)


@pytest.mark.parametrize(
    ("zone", "clock", "offset"),
    [
        (UTC, "2026:11:22 18:44:00", "+00:00"),
        (timezone(timedelta(hours=1)), "2026:11:22 19:44:00", "+01:00"),
        (timezone(-timedelta(hours=3, minutes=30)), "2026:11:22 15:14:00", "-03:30"),
    ],
)
def test_a_gallery_program_finds_the_time_in_it(zone: timezone, clock: str, offset: str) -> None:
    taken = dated(photo(), TAKEN_AT.astimezone(zone))
    tags = Image.open(io.BytesIO(taken)).getexif().get_ifd(ExifTags.IFD.Exif)
    assert tags[ExifTags.Base.DateTimeOriginal] == clock
    assert tags[ExifTags.Base.OffsetTimeOriginal] == offset
    assert tags[ExifTags.Base.SubsecTimeOriginal] == "123"
    assert pixels(taken).tobytes() == pixels(photo()).tobytes()
    assert (whole_jpeg(taken), dimensions(taken)) == (taken, (640, 480))

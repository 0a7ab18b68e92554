import io
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import av
import pytest
from PIL import Image

from demo.camera.stream import Codec, Film, NoClockError, Tint, age, read
from demo.camera.stream.clock import Face, draw
from demo.camera.stream.reel import Reel, render
from tests.support.host import CHECKOUT

pytestmark = pytest.mark.slow

PHOTOS = CHECKOUT / "demo" / "photos"
SMALL = Film(size=(320, 180), bit_rate=400_000)


def decoded(reel: Reel) -> Iterator[Image.Image]:
    """The pictures in the order of showing, by FFmpeg."""
    name = "h264" if reel.film.codec is Codec.H264 else "hevc"
    decoder = cast("av.VideoCodecContext", av.CodecContext.create(name, "r"))
    for picture in reel.pictures:
        units = (*reel.parameter_sets, *picture.nals) if picture.is_key else picture.nals
        data = b"".join(b"\x00\x00\x00\x01" + unit for unit in units)
        yield from map(image, decoder.decode(av.Packet(data)))
    yield from map(image, decoder.decode(None))


def image(frame: av.VideoFrame) -> Image.Image:
    picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    return picture


@pytest.mark.parametrize(
    "film",
    [
        SMALL,
        Film(size=(320, 180), bit_rate=400_000, codec=Codec.H265),
        Film(size=(320, 180), bit_rate=400_000, b_frames=2),
        Film(size=(640, 480), fps=10, key_frame_distance=40, slices=4),
    ],
    ids=str,
)
def test_every_picture_shows_the_time_at_which_it_is_seen(film: Film) -> None:
    shown = [read(picture) for picture in decoded(render(PHOTOS, film))]
    assert shown == [pytest.approx(number / film.fps, abs=0.001) for number in range(film.pictures)]


def test_b_frames_are_sent_after_the_pictures_that_they_refer_to() -> None:
    reel = render(PHOTOS, Film(size=(320, 180), bit_rate=400_000, b_frames=2))
    seen = [picture.seen for picture in reel.pictures]
    assert seen != sorted(seen)
    assert all(picture.sent >= picture.seen for picture in reel.pictures)
    sent = [picture.sent for picture in reel.pictures]
    assert sent == sorted(sent)


@pytest.mark.parametrize("distance", [1, 5, 15, 150])
def test_key_frames_are_as_far_apart_as_was_asked(distance: int) -> None:
    reel = render(PHOTOS, Film(size=(320, 180), bit_rate=400_000, key_frame_distance=distance))
    assert [picture.seen for picture in reel.pictures if picture.is_key] == list(range(0, 150, distance))


@pytest.mark.parametrize("slices", [1, 4])
def test_pictures_come_in_as_many_slices_as_were_asked_for(slices: int) -> None:
    reel = render(PHOTOS, Film(size=(320, 180), bit_rate=400_000, slices=slices))
    assert {len(picture.nals) for picture in reel.pictures} == {slices}


def test_a_film_keeps_to_its_bit_rate() -> None:
    reel = render(PHOTOS, Film(bit_rate=2_000_000))
    bits = 8 * sum(len(unit) for picture in reel.pictures for unit in picture.nals)
    assert 1_000_000 < bits / 10 < 2_400_000


def test_a_film_is_rendered_once() -> None:
    assert render(PHOTOS, SMALL) is render(PHOTOS, Film(size=(320, 180), bit_rate=400_000))


def test_pictures_are_due_when_the_time_of_day_says_so() -> None:
    reel = render(PHOTOS, SMALL)
    due = reel.due_from(1_000_003.1)
    first, second = next(due), next(due)
    assert first.at == pytest.approx(1_000_003 + 2 / 15)
    assert (first.picture.seen, second.picture.seen) == (47, 48)
    in_the_next_loop = next(late for late in due if late.at >= 1_000_010)
    assert (in_the_next_loop.at, in_the_next_loop.picture.is_key) == (1_000_010, True)


@pytest.mark.parametrize("tint", Tint)
def test_a_tinted_film_is_of_one_colour(tint: Tint) -> None:
    picture = next(decoded(render(PHOTOS, Film(size=(320, 180), tint=tint))))
    red, green, blue = cast("tuple[int, int, int]", picture.getpixel((160, 90)))
    assert green > 100
    assert (red, blue) == ((0, 0) if tint is Tint.GREEN else (pytest.approx(green, abs=2), pytest.approx(green, abs=2)))
    with pytest.raises(NoClockError):
        read(picture)


@pytest.mark.parametrize("milliseconds", [0, 1, 4711, 9933, 9999])
def test_the_clock_is_read_from_a_jpeg_of_another_size(milliseconds: int) -> None:
    picture = Image.effect_noise((1280, 720), sigma=60)
    corner = draw(Face(1280, 720), milliseconds)
    picture.paste(corner, (0, 720 - corner.height))
    jpeg = io.BytesIO()
    picture.convert("RGB").resize((640, 360)).save(jpeg, "JPEG", quality=80)
    assert read(jpeg.getvalue()) == milliseconds / 1000


def test_age_is_counted_from_the_time_in_the_picture() -> None:
    corner = draw(Face(640, 360), 9_800)
    picture = Image.new("L", (640, 360))
    picture.paste(corner, (0, 360 - corner.height))
    assert age(picture, 1_000_009.9) == pytest.approx(0.1)
    assert age(picture, 1_000_010.3) == pytest.approx(0.5)


def test_a_clock_with_a_wrong_block_is_not_believed() -> None:
    picture = Image.new("L", (640, 360))
    corner = draw(Face(640, 360), 1234)
    picture.paste(corner, (0, 360 - corner.height))
    x, y = Face(640, 360).middle(10)
    level = picture.getpixel((round(x), round(y)))
    picture.paste(0 if level == 235 else 235, (round(x - 4), round(y - 4), round(x + 4), round(y + 4)))
    with pytest.raises(NoClockError, match="cannot be read"):
        read(picture)


@pytest.mark.parametrize("photo", sorted(PHOTOS.glob("*.jpg")), ids=lambda path: path.name)
def test_a_photograph_has_no_clock(photo: Path) -> None:
    with pytest.raises(NoClockError):
        read(photo.read_bytes())


def test_the_second_stream_is_smaller() -> None:
    assert Film().sub().size == (640, 360)
    assert Film(size=(320, 180)).sub().size == (320, 180)


@pytest.mark.parametrize(
    "wrong", [{"size": (321, 180)}, {"size": (100, 100)}, {"fps": 0}, {"fps": 7}, {"key_frame_distance": 0}], ids=str
)
def test_what_no_camera_can_be_set_to_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a film"):
        Film(**wrong)  # type: ignore[arg-type]

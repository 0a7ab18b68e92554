from collections.abc import Sequence
from dataclasses import replace

import pytest
from PIL import ImageChops, ImageStat

from tests.worker.video.films import film, one_colour, pixels, scene
from worker.domain.video import AccessUnit, Codec
from worker.video import decoding, ffmpeg
from worker.video.blank import tint
from worker.video.decoding import Decoder, newest
from worker.video.doubt import Doubt
from worker.video.jpeg import jpeg


def tail(units: Sequence[AccessUnit]) -> Sequence[AccessUnit]:
    return units[max(number for number, unit in enumerate(units) if unit.key) :]


@pytest.mark.parametrize("codec", Codec)
@pytest.mark.parametrize("b_frames", [0, 2])
def test_the_newest_picture_is_the_last_that_is_shown(codec: Codec, b_frames: int) -> None:
    units = film(2, codec=codec, b_frames=b_frames)
    seen = newest(tail(units))
    last = max(units, key=lambda unit: unit.ticks)
    assert (seen.ticks, seen.received_at) == (last.ticks, last.received_at)
    difference = ImageChops.difference(pixels(jpeg(seen.frame)), scene(19, (320, 240)))
    assert max(ImageStat.Stat(difference).mean) < 8


def test_pictures_come_at_once_when_each_is_decoded_as_it_comes() -> None:
    decoder = Decoder(Codec.H264)
    assert [[seen.ticks for seen in decoder.pictures(unit)] for unit in film(1)] == [[unit.ticks] for unit in film(1)]


def test_a_picture_of_h264_that_is_torn_is_doubted() -> None:
    units = list(film(1))
    units[4] = replace(units[4], data=units[4].data[: len(units[4].data) // 2])
    with pytest.raises(Doubt):
        newest(units)


def test_a_picture_of_h265_that_refers_to_a_missing_one_is_doubted() -> None:
    """FFmpeg does not notice one that is torn, unless it was coded for several threads."""
    units = film(1, codec=Codec.H265)
    with pytest.raises(Doubt):
        newest((*units[:4], *units[5:]))


@pytest.mark.parametrize("data", [b"", b"\0\0\0\1", b"\0\0\0\1\x65" + bytes(500), b"no picture at all" * 50])
def test_what_is_no_picture_is_doubted(data: bytes) -> None:
    with pytest.raises(Doubt):
        newest([replace(film(1)[0], data=data)])


def test_a_tail_without_its_key_frame_is_doubted() -> None:
    with pytest.raises(Doubt):
        newest(film(1)[1:])


def test_larger_pictures_than_there_is_memory_for_are_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "MAX_PIXELS", 320 * 239)
    monkeypatch.setattr(decoding, "MAX_PIXELS", 320 * 239)
    with pytest.raises(Doubt):
        newest(film(1))


class TestTheTint:
    @pytest.mark.parametrize(
        ("colour", "name"),
        [
            ((128, 128, 128), "grey"),
            ((127, 128, 128), "grey"),
            ((0, 0, 0), "green"),
            ((16, 128, 128), None),
            ((235, 128, 128), None),
            ((100, 128, 128), None),
            ((145, 54, 34), None),
        ],
    )
    def test_is_seen_in_what_decoders_make_of_nothing(self, colour: tuple[int, int, int], name: str | None) -> None:
        assert tint(one_colour(colour)) == name

    @pytest.mark.parametrize(("colour", "name"), [((128, 128, 128), "grey"), ((0, 0, 0), "green")])
    def test_is_seen_where_it_is_the_lower_half(self, colour: tuple[int, int, int], name: str) -> None:
        frame, blank = newest(film(1)).frame, one_colour(colour)
        for plane, other in zip(frame.planes, blank.planes, strict=True):
            half = plane.buffer_size // 2 // plane.line_size * plane.line_size
            plane.update(bytes(plane)[:half] + bytes(other)[:1] * (plane.buffer_size - half))
        assert tint(frame) == name

    def test_is_none_of_a_photograph_nor_of_one_by_night_without_colour(self) -> None:
        frame = newest(film(1)).frame
        assert tint(frame) is None
        for plane in frame.planes[1:]:
            plane.update(b"\x80" * plane.buffer_size)
        assert tint(frame) is None

    def test_makes_the_newest_picture_doubted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(decoding, "tint", lambda _frame: "grey")
        with pytest.raises(Doubt, match="grey"):
            newest(film(1))

import io

import pytest
from PIL import Image

from worker.domain.errors import CameraFaulty
from worker.domain.jpeg import dimensions, whole_jpeg


def jpeg(*, thumbnail: bytes = b"", progressive: bool = False) -> bytes:
    file = io.BytesIO()
    exif = b"Exif\x00\x00" + thumbnail if thumbnail else b""
    Image.effect_noise((64, 48), sigma=40).save(file, "JPEG", exif=exif, progressive=progressive)
    return file.getvalue()


@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_passes_as_it_is(*, progressive: bool) -> None:
    photo = jpeg(progressive=progressive)
    assert whole_jpeg(photo) == photo


@pytest.mark.parametrize("rest", [b"dhav\x00\x00\x00\x00", b"\x00", b"\r\n--boundary--"])
def test_what_follows_its_end_is_cut_off(rest: bytes) -> None:
    photo = jpeg()
    assert whole_jpeg(photo + rest) == photo


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("thumbnail", [b"", jpeg()])
def test_a_photo_that_is_cut_off_is_none_also_with_a_whole_thumbnail(part: float, thumbnail: bytes) -> None:
    photo = jpeg(thumbnail=thumbnail)
    head = photo.index(b"\xff\xda", len(thumbnail))
    with pytest.raises(CameraFaulty, match="cut off"):
        whole_jpeg(photo[: head + int((len(photo) - head) * part)])


@pytest.mark.parametrize("body", [b"", b"<!DOCTYPE html>", b"Error\r\nBad Request!\r\n", b"\xff", b"\xff\xd8"])
def test_nothing_else_is_a_photo(body: bytes) -> None:
    with pytest.raises(CameraFaulty) as error:
        whole_jpeg(body)
    assert str(error.value).isprintable()


@pytest.mark.parametrize("progressive", [False, True])
def test_its_size_is_that_of_the_picture_and_not_of_a_thumbnail(*, progressive: bool) -> None:
    file = io.BytesIO()
    Image.effect_noise((120, 90), sigma=40).save(file, "JPEG", exif=b"Exif\x00\x00" + jpeg(), progressive=progressive)
    assert dimensions(file.getvalue()) == (120, 90)


@pytest.mark.parametrize("photo", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe0\x00\x00\x00\x00\x00\x00\x00", b"<html></html>"])
def test_what_has_no_frame_has_no_size(photo: bytes) -> None:
    assert dimensions(photo) is None

"""The small grey picture by which two frames are compared. Pillow is imported only where somebody watches."""

import io

from worker.domain.errors import CameraFaulty
from worker.domain.stillness import STILL_SIZE

MAX_PIXELS = 50_000_000
"""A photo of more is not decoded; no camera in sight has half as many."""


def small_grey(photo: bytes) -> bytes:
    """STILL_SIZE bytes, row by row, of a JPEG, each the mean of its part of the picture.

    The decoder is asked for an eighth of the size, which costs a few milliseconds.

    Raises:
        CameraFaulty: it cannot be decoded.
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - 10 MB that only a watch needs

    try:
        with Image.open(io.BytesIO(photo), formats=["JPEG"]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise CameraFaulty(f"the camera's photo has {picture.width} x {picture.height} pixels, too many")
            # Not below four times the small picture, or its parts would be means of nothing.
            picture.draft("L", (STILL_SIZE[0] * 4, STILL_SIZE[1] * 4))
            return picture.convert("L").resize(STILL_SIZE, Image.Resampling.BOX).tobytes()
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise CameraFaulty(f"the camera's photo cannot be decoded: {error}") from error

"""From the bytes of a photograph to its pixels, within Rekognition's limits."""

import struct
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from localcloud.wire import ServiceError

# "Guidelines and quotas in Amazon Rekognition": both sides at least 80 pixels.
MIN_SIDE = 80
# Not AWS's: 150 MB once decoded. The largest camera sensors in use have a tenth of it.
MAX_PIXELS = 50_000_000


def decode(data: bytes) -> NDArray[np.uint8]:
    """RGB pixels, height x width x 3, turned upright by the EXIF orientation of a JPEG as Rekognition turns it.

    Raises:
        ServiceError: InvalidImageFormatException, InvalidParameterException or ImageTooLargeException.
    """
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            _check_size(image)
            if image.format == "JPEG":
                ImageOps.exif_transpose(image, in_place=True)
            return np.asarray(image if image.mode == "RGB" else image.convert("RGB"), dtype=np.uint8)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    # Pillow's decoders answer a damaged file with any of these.
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        raise ServiceError("InvalidImageFormatException", "Request has invalid image format") from error


def _check_size(image: Image.Image) -> None:
    if min(image.size) < MIN_SIDE:
        width, height = image.size
        raise ServiceError(
            "InvalidParameterException",
            f"Image dimensions {width} x {height} are below the minimum of {MIN_SIDE} pixels for width and height",
        )
    if image.width * image.height > MAX_PIXELS:
        raise _too_large()


def _too_large() -> ServiceError:
    return ServiceError("ImageTooLargeException", f"The image has more than {MAX_PIXELS} pixels")

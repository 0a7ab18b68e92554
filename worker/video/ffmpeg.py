"""FFmpeg, which is to keep its own words to itself. It is only ever given bytes, never an address."""

import av
import av.logging

__all__ = ["MAX_PIXELS", "av", "check_size"]

from worker.domain.errors import CameraUnsupported

MAX_PIXELS = 4096 * 3072
"""12 megapixels: a picture takes 19 MB, and a decoder may keep seventeen of them."""

av.logging.set_level(None)


def check_size(width: int, height: int) -> None:
    """Raises CameraUnsupported for larger pictures than are decoded."""
    if width * height > MAX_PIXELS:
        raise CameraUnsupported(
            f"the camera's stream has pictures of {width} x {height}; more than {MAX_PIXELS // 1_000_000} megapixels "
            "are not decoded: choose CAMERA_STREAM=sub, or a lower resolution in the camera's settings"
        )

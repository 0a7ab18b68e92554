"""Whether what a camera sent is a whole photo."""

from worker.domain.errors import CameraFaulty

_START, _SCAN, _END = b"\xff\xd8", b"\xff\xda", b"\xff\xd9"
_MARKER = 0xFF
# C4, C8 and CC lie among the frame headers and are none.
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def whole_jpeg(body: bytes) -> bytes:
    """The JPEG in `body`, without what some firmware leaves after its end (`dhav....`).

    Raises:
        CameraFaulty: an error page, nothing at all, or a photo that was cut off.
    """
    if not body:
        raise CameraFaulty("the camera sent an empty photo")
    if not body.startswith(_START):
        raise CameraFaulty(f"the camera sent no photo but {body[:40]!r}")
    end = body.rfind(_END, _scan(body))
    if end < 0:
        raise CameraFaulty("the camera sent a photo that is cut off in the middle")
    return body[: end + len(_END)]


def _scan(body: bytes) -> int:
    """Where the image data begin: an EXIF thumbnail before them has an end of its own."""
    at = len(_START)
    while body[at : at + 1] == b"\xff" and body[at : at + 2] != _SCAN and at + 4 <= len(body):
        at += 2 + int.from_bytes(body[at + 2 : at + 4])
    return at if body[at : at + 2] == _SCAN else 0


def dimensions(photo: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, from the frame header (ITU-T T.81, B.2.2); None where there is none."""
    at = len(_START)
    while at + 9 <= len(photo) and photo[at] == _MARKER and photo[at : at + 2] != _SCAN:
        if photo[at + 1] in _FRAME_HEADERS:
            return int.from_bytes(photo[at + 7 : at + 9]), int.from_bytes(photo[at + 5 : at + 7])
        at += 2 + int.from_bytes(photo[at + 2 : at + 4])
    return None

"""Whether what a camera sent is a whole photo."""

from worker.camera.errors import CameraFaulty

_START, _SCAN, _END = b"\xff\xd8", b"\xff\xda", b"\xff\xd9"


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

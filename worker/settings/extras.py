"""What may not be installed."""

from importlib.util import find_spec

NEEDS_VIDEO = "needs the extra video: pip install 'camera-to-voice[video]', or run the image worker-video"
NEEDS_WATCH = (
    "needs the extra watch: pip install 'camera-to-voice[watch]', or run the container, which has it but on 32-bit ARM"
)


def video_installed() -> bool:
    """Whether PyAV is there, without importing it: that takes 24 MB."""
    return find_spec("av") is not None


def pillow_installed() -> bool:
    """Whether Pillow is there, without importing it: that takes 10 MB."""
    return find_spec("PIL") is not None

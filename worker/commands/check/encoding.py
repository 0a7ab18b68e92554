"""What the encoding of a stream means for photos and clips. Pure: nothing is asked for here."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from worker.camera.encoding import Encoding
from worker.commands.check.line import Line, ok, warning
from worker.domain.video import TICKS_PER_SECOND, AccessUnit, Codec

SLOW_SECONDS = 1.5
"""A key frame a second is advised; from here on a person would notice."""

_NAMES = {Codec.H264: "H.264", Codec.H265: "H.265"}
_EVERY_SECOND = "a key frame a second: in the camera's video settings an I frame interval as large as its frame rate"


def measured(name: str, pictures: Sequence[AccessUnit]) -> Line:
    """Of pictures as they came, from a key frame on."""
    codec = _NAMES[pictures[-1].codec]
    keys = [number for number, picture in enumerate(pictures) if picture.key]
    gaps = [later.received_at - earlier.received_at for earlier, later in pairwise(pictures)]
    oldest = max(gaps, default=0.0)
    newest = f"the newest came at most {oldest:.2f} s ago (how long it was on its way, nobody can tell)"
    if len(keys) < 2:  # noqa: PLR2004 - two have a distance
        seconds = _seconds(pictures[0], pictures[-1])
        return warning(name, f"{codec}, no second key frame within {seconds:.0f} s; {newest}", f"set {_EVERY_SECOND}")
    distance, count = _seconds(pictures[keys[-2]], pictures[keys[-1]]), keys[-1] - keys[-2]
    return ok(name, f"{codec}, {count} pictures and {distance:.1f} s from one key frame to the next; {newest}")


def advice(name: str, found: Encoding) -> Line:
    """As the camera's own settings have it."""
    said = ", ".join(_told(found)) or "it does not say"
    wanted = "; ".join(_wanted(found))
    return warning(name, said, wanted) if wanted else ok(name, said)


def _told(found: Encoding) -> Iterator[str]:
    yield from filter(None, (found.codec, found.size))
    if found.fps:
        yield f"{found.fps:g} pictures a second"
    if found.key_frame_seconds:
        yield f"a key frame every {found.key_frame_seconds:.1f} s"
    if found.smart:
        yield "Smart Codec on"


def _wanted(found: Encoding) -> Iterator[str]:
    if found.enabled is False:
        yield "switch this stream on in the camera's video settings"
    if found.codec and not found.codec.upper().startswith(("H.264", "H264")):
        yield "H.264 is decoded with less than half the work, and plays in every browser"
    if found.smart:
        yield "switch Smart Codec off: with it key frames come many seconds apart"
    if found.key_frame_seconds and found.key_frame_seconds > SLOW_SECONDS:
        yield f"set {_EVERY_SECOND}: a photo with CAMERA_LENS=lazy, and a clip, begin at the one before"


def _seconds(first: AccessUnit, last: AccessUnit) -> float:
    return (last.ticks - first.ticks) / TICKS_PER_SECOND

"""A clip in its folder of the spool, as it grows and when it is finished.

growing.mp4     what is recorded, fragment by fragment
finishing.mp4   its second copy under way, which plays while it downloads
clip.mp4        that copy
"""

from pathlib import Path

GROWING, FINISHING, FINISHED = "growing.mp4", "finishing.mp4", "clip.mp4"


def newest(folder: Path) -> tuple[Path, int, bool] | None:
    """The clip in `folder`, its bytes, and whether it is finished; None where nothing was recorded."""
    for name in (FINISHED, GROWING):
        try:
            size = (folder / name).stat().st_size
        except OSError:
            continue
        if size:
            return folder / name, size, name == FINISHED
    return None

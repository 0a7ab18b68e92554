"""Files that are there whole or not at all, whatever happens to the process."""

import os
import tempfile
from pathlib import Path

TEMPORARY_PREFIX = ".tmp-"
"""What a crash may leave behind; cleared at the next start."""


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path`, making its folder if need be.

    Not synchronised to the medium: it survives the process, not a power cut in the same second.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY_PREFIX)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise

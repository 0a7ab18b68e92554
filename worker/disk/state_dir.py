"""Where DATA_DIR is. Apart from the other settings, whose library costs `health` more than all the rest of it."""

from collections.abc import Mapping
from pathlib import Path


def data_dir(environ: Mapping[str, str]) -> Path:
    """An empty value counts as unset."""
    return Path(environ["DATA_DIR"]) if environ.get("DATA_DIR") else default_data_dir()


def default_data_dir() -> Path:
    from platformdirs import user_state_dir  # noqa: PLC0415 - a container names its DATA_DIR and needs none of it

    return Path(user_state_dir("camera-worker"))

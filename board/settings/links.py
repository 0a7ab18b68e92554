"""What `python -m board link` goes by: nothing of AWS."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from board.settings.mistakes import SettingsError
from board.settings.reader import Reader, read_cameras, read_data_dir, read_host, read_port


@dataclass(frozen=True)
class LinkSettings:
    """`cameras` has the names alone; `folder` is where the links lie."""

    cameras: tuple[str, ...]
    host: str
    port: int
    folder: Path


def load_link_settings(environ: Mapping[str, str]) -> LinkSettings:
    """Raises SettingsError with every mistake there is."""
    reader = Reader(environ)
    settings = LinkSettings(
        read_cameras(reader), read_host(reader), read_port(reader), read_data_dir(environ) / "board"
    )
    if reader.mistakes:
        raise SettingsError(*reader.mistakes)
    return settings

"""The time in a photo, where gallery programs look for it (Exif 2.31)."""

import struct
from datetime import datetime

_START = b"\xff\xd8"
_APP1 = b"\xff\xe1"
_HEADER = b"Exif\0\0"
_TIFF = b"MM\0*\0\0\0\x08"
_ASCII, _LONG, _UNDEFINED = 2, 4, 7
_EXIF_IFD, _VERSION, _ORIGINAL, _OFFSET, _SUBSECONDS = 0x8769, 0x9000, 0x9003, 0x9011, 0x9291


def dated(jpeg: bytes, taken_at: datetime) -> bytes:
    """A JPEG without Exif, with its time: that of `taken_at`'s zone, to the millisecond."""
    payload = _HEADER + _TIFF + _directories(taken_at)
    return _START + _APP1 + struct.pack(">H", len(payload) + 2) + payload + jpeg.removeprefix(_START)


def _directories(taken_at: datetime) -> bytes:
    zone = f"{taken_at:%z}" or "+0000"
    entries = [
        (_VERSION, _UNDEFINED, b"0231"),
        (_ORIGINAL, _ASCII, f"{taken_at:%Y:%m:%d %H:%M:%S}\0".encode()),
        (_OFFSET, _ASCII, f"{zone[:3]}:{zone[3:5]}\0".encode()),
        (_SUBSECONDS, _ASCII, f"{taken_at.microsecond // 1000:03}\0".encode()),
    ]
    first = _directory([(_EXIF_IFD, _LONG, b"")], len(_TIFF))
    start = len(_TIFF) + len(first)
    pointer = (_EXIF_IFD, _LONG, struct.pack(">L", start))
    return _directory([pointer], len(_TIFF)) + _directory(entries, start)


def _directory(entries: list[tuple[int, int, bytes]], start: int) -> bytes:
    """`start` counts from the TIFF header; values of more than four bytes lie behind the directory."""
    behind = start + 2 + 12 * len(entries) + 4
    table, values = struct.pack(">H", len(entries)), b""
    for tag, kind, value in entries:
        count = 1 if kind == _LONG else len(value)
        place = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack(">L", behind + len(values))  # noqa: PLR2004
        table += struct.pack(">HHL", tag, kind, count) + place
        values += value + b"\0" * (len(value) % 2) if len(value) > 4 else b""  # noqa: PLR2004 - as above
    return table + bytes(4) + values

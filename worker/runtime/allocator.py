"""The C library's allocator, told what a press is like: photographs that come and go whole, from many threads."""

import ctypes

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
LARGE_BYTES = 65_536
ARENAS = 2


def settle_allocator() -> None:
    """Blocks of a photo's size go straight back to the system, and threads share two arenas instead of eight a core.

    By mallopt(3) of glibc: its own rules keep freed photographs for later, in whichever arena they were. Another C
    library has no mallopt, or one that does nothing, and keeps its own rules.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:
        return
    mallopt(_MMAP_THRESHOLD, LARGE_BYTES)
    mallopt(_ARENA_MAX, ARENAS)

"""Where the table has what a watch leaves; a press lies under its camera's own name (docs/record.md)."""

_WATCHES, _BUCKETS = "watch/", "audience/"


def of_watches(camera: str) -> str:
    return f"{_WATCHES}{camera}"


def of_buckets(camera: str) -> str:
    return f"{_BUCKETS}{camera}"


def watched_camera(partition: str) -> str:
    """Whose watches lie there."""
    return partition.removeprefix(_WATCHES)

"""Whether a text is the address of something that speaks HTTP."""

from urllib.parse import urlsplit


def is_address(text: str) -> bool:
    """http(s)://host[:port], with whatever follows."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)

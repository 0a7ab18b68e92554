"""How often somebody may try a password. Who has logged in before is never kept out by what strangers do."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network

BURST, SECONDS_EACH = 5, 30.0
"""Wrong passwords at once of one address, and how long each of them counts."""
BURST_OF_ALL, SECONDS_EACH_OF_ALL = 50, 2.0
_ALL = "all"


class Attempts:
    """What is kept is bounded by what all together may try. Belongs to the event loop."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._free_at: dict[str, float] = {}

    def wait(self, who: str, *, stranger: bool) -> float:
        """Seconds until `who` may try; 0: now. For a stranger the limit of all strangers together counts as well."""
        own = self._excess(who, BURST, SECONDS_EACH)
        return max(own, self._excess(_ALL, BURST_OF_ALL, SECONDS_EACH_OF_ALL)) if stranger else own

    def failed(self, who: str, *, stranger: bool) -> None:
        """`who` has tried a wrong one."""
        now = self._monotonic()
        self._free_at = {name: free_at for name, free_at in self._free_at.items() if free_at > now}
        self._count(who, now, SECONDS_EACH)
        if stranger:
            self._count(_ALL, now, SECONDS_EACH_OF_ALL)

    def _count(self, name: str, now: float, seconds: float) -> None:
        self._free_at[name] = max(now, self._free_at.get(name, now)) + seconds

    def _excess(self, name: str, burst: int, seconds: float) -> float:
        return max(0.0, self._free_at.get(name, 0.0) - self._monotonic() - (burst - 1) * seconds)


def household(address: str) -> str:
    """What counts as one address: of IPv6 its /64, of which every household has a whole one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((int(parsed), 64), strict=False))
    return str(parsed)

"""The lock-out of an address that got the password wrong too often, over whichever port."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LockoutPolicy:
    """The factory setting of most cameras."""

    enabled: bool = True
    attempts: int = 5
    seconds: float = 1800.0


@dataclass
class _Record:
    failures: int = 0
    locked_until: float = float("-inf")


@dataclass
class Lockout:
    """Remembers, per source address, failures in a row; anything tried while locked starts the time anew."""

    clock: Callable[[], float]
    policy: LockoutPolicy = field(default_factory=LockoutPolicy)
    _records: dict[str, _Record] = field(default_factory=dict)

    def is_locked(self, address: str) -> bool:
        record = self._records.get(address, _Record())
        return self.policy.enabled and self.clock() < record.locked_until

    def failed(self, address: str) -> None:
        record = self._records.setdefault(address, _Record())
        record.failures += 1
        if self.is_locked(address) or record.failures >= self.policy.attempts:
            self._records[address] = _Record(locked_until=self.clock() + self.policy.seconds)

    def succeeded(self, address: str) -> None:
        self._records.pop(address, None)

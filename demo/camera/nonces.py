"""The nonces that a camera has handed out."""

import secrets


class Nonces:
    """The nonces in force and the highest count seen of each."""

    def __init__(self, at_most: int = 1024) -> None:
        self._counts: dict[str, int] = {}
        self._at_most = at_most

    def issue(self) -> str:
        while len(self._counts) >= self._at_most:
            del self._counts[next(iter(self._counts))]
        nonce = secrets.token_hex(16)
        self._counts[nonce] = 0
        return nonce

    def count(self, nonce: str) -> int:
        """Give the highest count seen of it, 0 for one that is not in force."""
        return self._counts.get(nonce, 0)

    def accept(self, nonce: str, count: int) -> bool:
        """Tell whether the nonce is in force and its count has risen, and remember the count."""
        risen = nonce in self._counts and count > self._counts[nonce]
        if risen:
            self._counts[nonce] = count
        return risen

    def spend(self, nonce: str) -> None:
        self._counts.pop(nonce, None)

    def expire(self) -> None:
        self._counts.clear()

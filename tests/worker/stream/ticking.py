class Ticking:
    """A clock that moves on with every look at it, by so many seconds."""

    def __init__(self, step: float) -> None:
        self.now = 1000.0
        self._step = step

    def __call__(self) -> float:
        self.now += self._step
        return self.now

"""What a watch may cost: it never goes on without an end."""

DOLLARS_PER_CALL = 0.001
"""Of DetectFaces: group 2, the first million images a month (docs/costs.md)."""

_ROUNDING = 1e-6
"""Of a call: 0.57 / 0.001 is a little less than 570."""


def dollars(calls: int) -> float:
    """What `calls` have cost."""
    return round(calls * DOLLARS_PER_CALL, 3)


def affordable(calls: int, max_dollars: float) -> bool:
    """Whether one more call after `calls` stays within `max_dollars`."""
    return calls + 1 <= int(max_dollars / DOLLARS_PER_CALL + _ROUNDING)

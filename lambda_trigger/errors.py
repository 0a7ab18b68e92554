class RefusedError(Exception):
    """Nothing was queued, and trying the same again will not change that."""


class SettingsError(RefusedError):
    """An environment variable is missing or wrong; the message names it."""


class UnknownEventError(RefusedError):
    """No trigger that this function knows sends such an event."""


class AlexaRefusedError(RefusedError):
    """The request is not a fresh one of the configured skill."""

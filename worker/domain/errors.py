"""What can go wrong with camera, AWS and lease, by what the caller can do about it."""

from collections.abc import Mapping
from typing import Any


class CameraError(Exception):
    """The camera did not do what it was asked."""


class CameraUnreachable(CameraError):
    """No connection, or none that lasted: try again later."""


class CameraSilent(CameraUnreachable):
    """It took a whole sound and never answered, as many do that have played it."""


class CameraUntrusted(CameraUnreachable):
    """Its TLS or certificate cannot be trusted: nothing was sent; the text says what to do."""


class NotACamera(CameraError):
    """What answers at its address is no Amcrest camera: correct the address."""


class CameraFaulty(CameraError):
    """It answered with something that is no answer (busy, cut off, an error page): try again later."""


class CameraRefused(CameraError):
    """It did not accept the user name and password: trying again would lock the account."""


class CameraUnsupported(CameraError):
    """It cannot do this at all, or not for this user: do without."""


class CloudError(Exception):
    """AWS did not do what it was asked."""


class CloudUnavailable(CloudError):
    """Unreachable, throttled or failing on its side: try again later."""


class CloudRefused(CloudError):
    """Denied, or asked for what is not there: trying again cannot help until somebody mends it."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class ClaimRefused(Exception):
    """Somebody else's, or done; `item` is the record as it stands."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        super().__init__(f"the press is {item.get('status')}")
        self.item = item


class LeaseLost(Exception):
    """Another attempt has taken the press over: do nothing more for it."""

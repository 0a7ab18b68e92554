"""What can go wrong with a camera, by what the caller can do about it."""


class CameraError(Exception):
    """The camera did not do what it was asked."""


class CameraUnreachable(CameraError):
    """No connection, or none that lasted: try again later."""


class CameraSilent(CameraUnreachable):
    """It took the whole request and never answered."""


class CameraFaulty(CameraError):
    """It answered with something that is no answer (busy, cut off, an error page): try again later."""


class CameraRefused(CameraError):
    """It did not accept the user name and password: trying again would lock the account."""


class CameraUnsupported(CameraError):
    """It cannot do this at all, or not for this user: do without."""

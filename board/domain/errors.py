"""What can go wrong beyond this process, by what whoever meets it can do."""


class CloudError(Exception):
    """AWS did not do what it was asked; the text says what, and what to do."""


class CloudRefused(CloudError):
    """It will refuse again until somebody changes something."""


class CloudUnavailable(CloudError):
    """It may answer the next time."""

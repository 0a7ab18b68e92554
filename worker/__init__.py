"""The daemon on the camera's LAN: one button press from the queue becomes a photo, a record and a spoken sentence."""

__version__ = "0.1.0"
"""As in pyproject.toml: the container's image installs no distribution that could be asked."""

import logging
import os
from collections.abc import Iterator

import pytest
import structlog

OWN_SETTINGS = ("AWS_", "CAMERA", "QUEUE_", "TABLE_", "BUCKET_", "POLLY_", "LOG_", "MAX_", "MIN_", "VIDEO_", "DATA_DIR")


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests mean the same wherever they run."""
    for name in os.environ:
        if name.startswith(OWN_SETTINGS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)


@pytest.fixture
def _logging_as_before() -> Iterator[None]:
    """For tests that configure it, or run a command that does."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    logging.getLogger("worker").setLevel(logging.NOTSET)
    structlog.reset_defaults()

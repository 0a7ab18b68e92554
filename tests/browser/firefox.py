"""Firefox, driven by Marionette, its own protocol: Playwright and Selenium want builds or drivers of their own for it.

Messages are `<length>:<JSON>`; a command is `[0, number, name, parameters]`, its answer `[1, number, error, result]`
(Firefox source docs, "Marionette: Protocol").
"""

import json
import os
import shutil
import socket
import subprocess
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from demo.program import PATIENCE_SECONDS
from tests.support.waiting import eventually

NAMES = ("firefox-esr", "firefox")
MISSING = "THERE IS NO FIREFOX, so nothing is known about the screens in it. On Debian: apt-get install firefox-esr"

_PREFERENCES = {
    "marionette.port": 0,
    "network.dns.disabled": True,
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.server": "",
}
_STOP_SECONDS = 10


class Firefox:
    """One that runs for the body of a `with`; it has a profile of its own in `folder`."""

    def __init__(self, path: str, folder: Path) -> None:
        self._path = path
        self._profile = folder / "firefox"
        self._numbers = count()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._profile.mkdir()
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items())
        (self._profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        self._process = subprocess.Popen(
            [self._path, "--headless", "--marionette", "--no-remote", "--profile", str(self._profile)],
            env={"PATH": os.environ["PATH"], "HOME": str(self._profile), "MOZ_CRASHREPORTER_DISABLE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        self._open.callback(self._stop)
        try:
            self._connect()
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.close()

    def go(self, address: str) -> None:
        """Returns when the page has loaded."""
        self._command("WebDriver:Navigate", url=address)

    def ask(self, script: str) -> Any:
        """What the function's body returns, in the page."""
        return self._command("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def _connect(self) -> None:
        file = self._profile / "MarionetteActivePort"
        port = eventually(lambda: file.exists() and file.read_text(encoding="ascii").strip())
        self._socket = socket.create_connection(("127.0.0.1", int(port)), timeout=PATIENCE_SECONDS)
        self._open.callback(self._socket.close)
        self._received = self._open.enter_context(self._socket.makefile("rb"))
        self._receive()
        self._command("WebDriver:NewSession")

    def _command(self, name: str, **parameters: object) -> Any:
        sent = json.dumps([0, next(self._numbers), name, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(sent), sent))
        _, _, error, result = self._receive()
        assert error is None, error
        return result

    def _receive(self) -> Any:
        digits = iter(lambda: self._received.read(1), b":")
        return json.loads(self._received.read(int(b"".join(digits))))

    def _stop(self) -> None:
        """Its content processes are of its group."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def installed() -> str | None:
    """Its path."""
    return next(filter(None, map(shutil.which, NAMES)), None)

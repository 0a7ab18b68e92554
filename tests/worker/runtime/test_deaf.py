import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from worker.runtime.deaf import watched
from worker.runtime.stop import Stop

DEAF = """
import hashlib, os, signal, threading, time
from worker.runtime.deaf import watched
from worker.runtime.stop import Stop

main = time.pthread_getcpuclockid(threading.main_thread().ident)

def signal_once_it_computes(before):
    while time.clock_gettime(main) < before + 0.2:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGTERM)

stop = Stop()
with stop.on_signals(), watched(stop.heard, lambda: os._exit(0)):
    threading.Thread(target=signal_once_it_computes, args=(time.clock_gettime(main),), daemon=True).start()
    # One instruction of Python's that takes minutes and lets other threads run, as a resolver without an answer does.
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000_000_000)
    print("came back", flush=True)
"""


def test_a_stop_that_the_main_thread_cannot_hear_ends_the_process(pytestconfig: pytest.Config) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DEAF], stdout=subprocess.PIPE, text=True, cwd=Path(pytestconfig.rootpath)
    ) as process:
        assert process.stdout
        try:
            assert (process.stdout.read(), process.wait(60)) == ("", 0)
        finally:
            process.kill()


def test_a_stop_that_is_heard_is_left_to_the_main_thread() -> None:
    stop, deaf = Stop(), Event()
    with stop.on_signals(), watched(stop.heard, deaf.set):
        signal.raise_signal(signal.SIGTERM)
        assert stop.requested
    assert not deaf.is_set()


def test_the_former_wakeup_descriptor_is_back_afterwards() -> None:
    with watched(Event(), lambda: None):
        pass
    assert signal.set_wakeup_fd(-1) == -1

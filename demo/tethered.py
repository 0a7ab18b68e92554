"""`python -m demo.tethered MODULE ...`: a module of this project that does not outlive whoever started it.

Its standard input must be a pipe whose other end only the starter holds: the pipe closes however the starter ends,
kill -9 included.
"""

import os
import runpy
import signal
import sys
from threading import Event, Thread

GRACE_SECONDS = 5


def main() -> None:
    # The module's own threads and handlers decide about signals; this thread takes none of them.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    Thread(target=_end_with_the_starter, name="tether", daemon=True).start()
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_the_starter() -> None:
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    Event().wait(GRACE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()

"""Steps that run at the same time."""

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from threading import Thread
from types import TracebackType
from typing import Self


class Parallel:
    """Runs steps in threads of their own for the body of a `with`, which ends when all of them have ended.

    The body's own error goes first; else the first error of the steps, in the order they were started. Every step
    has time limits of its own. The threads are daemons: a step that hangs cannot keep the process from ending.
    """

    def __init__(self) -> None:
        self._steps: list[tuple[Thread, Future[None]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for thread, _ in self._steps:
            thread.join()
        if error is None:
            for _, result in self._steps:
                result.result()

    def start(self, step: Callable[[], None]) -> None:
        """Raises RuntimeError when the system has no thread left."""
        result: Future[None] = Future()
        thread = Thread(target=copy_context().run, args=(settle, result, step), name=_name(step), daemon=True)
        thread.start()
        self._steps.append((thread, result))


def settle(result: Future[None], step: Callable[[], None]) -> None:
    """Run `step`, and let `result` tell how it ended to whoever waits for that."""
    try:
        step()
    except BaseException as error:  # noqa: BLE001 - it is raised again where the result is asked for
        result.set_exception(error)
    else:
        result.set_result(None)


def _name(step: Callable[[], None]) -> str:
    return getattr(step, "__name__", "step")

"""Steps that run beside each other."""

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from threading import Thread
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")


class Parallel:
    """Runs steps in threads of their own for the body of a `with`, which ends when all of them have ended.

    The body's own error goes first; else the first error of the steps, in the order they were started. Every step
    has time limits of its own. The threads are daemons: a step that hangs cannot keep the process from ending.
    """

    def __init__(self) -> None:
        self._steps: list[tuple[Thread, Callable[[], object]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for thread, _ in self._steps:
            thread.join()
        if error is None:
            for _, result in self._steps:
                result()

    def start(self, step: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        thread = Thread(target=copy_context().run, args=(_settle, future, step), name=_name(step), daemon=True)
        thread.start()
        self._steps.append((thread, future.result))
        return future


def _settle(future: Future[T], step: Callable[[], T]) -> None:
    try:
        future.set_result(step())
    except BaseException as error:  # noqa: BLE001 - it is raised again where the result is asked for
        future.set_exception(error)


def _name(step: Callable[[], object]) -> str:
    return getattr(step, "__name__", "step")

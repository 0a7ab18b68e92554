import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from worker.runtime.stop import Stop, StopRequested

SIGNALS = [signal.SIGTERM, signal.SIGINT]
TWICE = """
import signal
from worker.runtime.stop import Stop
with Stop().on_signals():
    signal.raise_signal(signal.SIGTERM)
    print("still there", flush=True)
    signal.raise_signal(signal.{second})
    print("never said", flush=True)
"""


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_asks_to_stop_and_interrupts_nothing(number: signal.Signals) -> None:
    stop = Stop()
    with stop.on_signals():
        os.kill(os.getpid(), number)
        assert stop.requested


@pytest.mark.parametrize("number", SIGNALS)
def test_what_allows_it_is_interrupted(number: signal.Signals) -> None:
    stop, went_on = Stop(), False

    def wait() -> None:
        nonlocal went_on
        with stop.interrupts():
            os.kill(os.getpid(), number)
            went_on = True

    with stop.on_signals(), pytest.raises(StopRequested):
        wait()
    assert (stop.requested, went_on) == (True, False)


def test_a_stop_that_came_before_interrupts_too() -> None:
    stop = Stop()
    with stop.on_signals():
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(StopRequested), stop.interrupts():
            pytest.fail("the body was entered")


def test_an_answer_that_has_arrived_is_looked_at() -> None:
    stop = Stop()
    with stop.on_signals(), stop.interrupts():
        stop.disarm(operation_name="ReceiveMessage")
        signal.raise_signal(signal.SIGTERM)
        looked_at = True
    assert (stop.requested, looked_at) == (True, True)


def test_after_the_body_nothing_is_interrupted() -> None:
    stop = Stop()
    with stop.on_signals():
        with stop.interrupts():
            pass
        signal.raise_signal(signal.SIGTERM)
    assert stop.requested


def test_former_handlers_are_back_afterwards() -> None:
    former = [signal.getsignal(number) for number in SIGNALS]
    with Stop().on_signals():
        assert [signal.getsignal(number) for number in SIGNALS] != former
    assert [signal.getsignal(number) for number in SIGNALS] == former


@pytest.mark.parametrize("second", SIGNALS)
def test_a_second_signal_ends_the_process_at_once(second: signal.Signals, pytestconfig: pytest.Config) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", TWICE.format(second=second.name)],
        stdout=subprocess.PIPE,
        check=False,
        text=True,
        cwd=Path(pytestconfig.rootpath),
    )
    assert (ended.stdout, ended.returncode) == ("still there\n", 128 + second)

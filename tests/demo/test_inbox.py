import signal

import pytest

from demo.inbox import DemoFailed, Ended, Inbox, Line


def test_lines_come_in_order() -> None:
    inbox = Inbox()
    inbox.put(Line("camera", "one"))
    inbox.put(Line("worker", "two"))
    assert [inbox.line(None).text, inbox.line(None).text] == ["one", "two"]


def test_the_end_of_a_process_is_told_with_its_last_words() -> None:
    inbox = Inbox()
    inbox.put(Line("worker", "CAMERA_HOST: not\x1b set"))
    inbox.put(Ended("worker", 2))
    inbox.line(None)
    with pytest.raises(DemoFailed, match=r"the worker ended with exit code 2 after writing: CAMERA_HOST: not\\x1b set"):
        inbox.line(None)


def test_the_end_by_a_signal_is_told_by_its_name() -> None:
    inbox = Inbox()
    inbox.put(Ended("camera", -signal.SIGKILL))
    with pytest.raises(DemoFailed, match=r"the camera ended by SIGKILL$"):
        inbox.line(None)


def test_nothing_until_the_deadline_is_a_timeout() -> None:
    with pytest.raises(TimeoutError):
        Inbox().line(deadline=0)

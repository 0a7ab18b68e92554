from board.domain.captures import gone, told
from board.domain.events import Event, Kind, Topic, changes
from tests.board.fakes import capture_id, record

LOBBY = Topic(Kind.CAPTURE, "lobby")
OLD, MIDDLE, NEW, NEWEST = record(1), record(2), record(3), record(4)


def test_what_is_new_or_different_is_told_oldest_first() -> None:
    changed = record(2, status="failed")
    assert changes(LOBBY, [MIDDLE, OLD], [NEW, changed, OLD]) == [Event(LOBBY, told(changed)), Event(LOBBY, told(NEW))]


def test_nothing_new_is_nothing_to_tell() -> None:
    assert changes(LOBBY, [NEW, OLD], [NEW, OLD]) == []


def test_one_that_is_missing_between_others_was_deleted() -> None:
    assert changes(LOBBY, [NEW, MIDDLE, OLD], [NEW, OLD]) == [Event(LOBBY, gone("lobby", capture_id(2)))]


def test_the_newest_and_the_only_one_may_be_deleted_too() -> None:
    assert changes(LOBBY, [NEW, OLD], [OLD]) == [Event(LOBBY, gone("lobby", capture_id(3)))]
    assert changes(LOBBY, [OLD], []) == [Event(LOBBY, gone("lobby", capture_id(1)))]


def test_one_that_fell_off_the_end_was_not_deleted() -> None:
    assert changes(LOBBY, [NEW, MIDDLE, OLD], [NEWEST, NEW, MIDDLE]) == [Event(LOBBY, told(NEWEST))]


def test_of_what_was_forgotten_nothing_but_that_is_told() -> None:
    stub = record(2, status="forgotten")
    assert changes(LOBBY, [MIDDLE], [stub]) == [Event(LOBBY, gone("lobby", capture_id(2)))]

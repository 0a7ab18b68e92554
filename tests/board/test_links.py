"""Links of screens, and the key of logins, as they lie in DATA_DIR."""

import json
import multiprocessing
import stat
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from board.domain.viewers import ScreenKind
from board.folder import locked
from board.key import signing_key
from board.links import MAX_LINKS, Links, LinksUnusable
from tests.board.fakes import NOW

DAY = timedelta(days=1)


def add(folder: Path, camera: str = "lobby", lifetime: timedelta = DAY) -> tuple[str, str]:
    link, secret = Links(folder).add(ScreenKind.MONITOR, camera, lifetime, NOW)
    return link.id, secret


def at_once(ask: Callable[[int], object], times: int = 8) -> list[object]:
    """The answers of as many processes, which know nothing of each other."""
    with ProcessPoolExecutor(times, multiprocessing.get_context("spawn")) as processes:
        return list(processes.map(ask, range(times)))


def add_numbered(folder: Path, number: int) -> str:
    return add(folder, f"camera-{number}")[1]


def key_of(folder: Path, _number: int) -> bytes:
    return signing_key(folder)


def test_of_the_secret_nothing_is_kept_but_what_cannot_be_turned_back(tmp_path: Path) -> None:
    _, secret = add(tmp_path / "board")
    kept = (tmp_path / "board" / "links.json").read_text()
    assert secret not in kept
    assert len(secret) >= 43
    [link] = json.loads(kept)["links"]
    assert set(link) == {"id", "kind", "camera", "created_at", "expires_at", "sha256"}
    assert secret not in repr(Links(tmp_path / "board").all())


def test_nobody_else_on_the_host_may_read_them(tmp_path: Path) -> None:
    folder = tmp_path / "board"
    add(folder)
    signing_key(folder)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}
    assert modes == {"board": 0o700, "links.json": 0o600, "key": 0o600, "lock": 0o600}


def test_what_one_process_does_the_other_knows_at_once(tmp_path: Path) -> None:
    board = Links(tmp_path)
    assert board.by_secret("anything", NOW) is None
    link_id, secret = add(tmp_path)
    found = board.by_secret(secret, NOW)
    assert found is not None
    assert (found.id, found.camera) == (link_id, "lobby")
    assert board.by_secret(secret, NOW + DAY) is None
    assert Links(tmp_path).revoke(link_id)
    assert board.by_secret(secret, NOW) is None
    assert not board.holds(link_id, NOW)
    assert not Links(tmp_path).revoke(link_id)


def test_a_file_that_was_taken_away_opens_nothing(tmp_path: Path) -> None:
    board, (_, secret) = Links(tmp_path), add(tmp_path)
    assert board.by_secret(secret, NOW)
    (tmp_path / "links.json").unlink()
    assert board.by_secret(secret, NOW) is None


def test_those_whose_time_is_over_are_dropped_with_the_next(tmp_path: Path) -> None:
    old, _ = Links(tmp_path).add(ScreenKind.MONITOR, "lobby", DAY, NOW - DAY)
    new, _ = add(tmp_path)
    assert [link.id for link in Links(tmp_path).all()] == [new]
    assert old.id != new


def test_processes_at_once_lose_no_link(tmp_path: Path) -> None:
    secrets = at_once(partial(add_numbered, tmp_path))
    assert {link.camera for link in Links(tmp_path).all()} == {f"camera-{number}" for number in range(8)}
    assert all(Links(tmp_path).by_secret(str(secret), NOW) for secret in secrets)


def test_processes_at_once_agree_on_one_key(tmp_path: Path) -> None:
    [key] = set(at_once(partial(key_of, tmp_path / "board")))
    assert (tmp_path / "board" / "key").read_bytes() == key
    assert signing_key(tmp_path / "board") == key


def test_a_key_that_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    first = signing_key(tmp_path)
    (tmp_path / "key").write_bytes(first[:7])
    second = signing_key(tmp_path)
    assert second != first
    assert signing_key(tmp_path) == second


def test_where_it_cannot_be_kept_the_key_lives_as_long_as_the_board(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    keys = {signing_key(tmp_path / "file" / "board") for _ in range(2)}
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b'{"links": 1}',
        b'{"links": [1]}',
        b'{"links": [{}]}',
        (
            b'{"links": [{"id": "a", "kind": "gallery", "camera": "x", "sha256": "y", '
            b'"created_at": "2026-01-01T00:00:00+00:00", "expires_at": "2027-01-01T00:00:00+00:00"}]}'
        ),
        (
            b'{"links": [{"id": "a", "kind": "monitor", "camera": "x", "sha256": "y", '
            b'"created_at": "2026-01-01T00:00:00", "expires_at": "2027-01-01T00:00:00"}]}'
        ),
        b" " * 1_000_001,
    ],
)
def test_a_damaged_file_says_what_to_do_and_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "links.json"
    path.write_bytes(content)
    for ask in (Links(tmp_path).all, lambda: add(tmp_path), lambda: Links(tmp_path).revoke("a")):
        with pytest.raises(LinksUnusable, match=r"links\.json is damaged\. Move it away"):
            ask()
    assert Links(tmp_path).by_secret("x", NOW) is None
    assert path.read_bytes() == content


def test_there_is_an_end_to_links(tmp_path: Path) -> None:
    add(tmp_path)
    [link] = json.loads((tmp_path / "links.json").read_text())["links"]
    (tmp_path / "links.json").write_text(json.dumps({"links": [link] * MAX_LINKS}))
    with pytest.raises(LinksUnusable, match="revoke"):
        add(tmp_path)


def test_what_a_crash_left_behind_is_cleared_by_the_next_who_writes(tmp_path: Path) -> None:
    (tmp_path / ".tmp-crashed").write_bytes(b"half")
    add(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["links.json", "lock"]


def test_whoever_waits_for_the_lock_in_vain_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("board.folder.LOCK_SECONDS", 0.0)
    with locked(tmp_path), pytest.raises(TimeoutError, match="another process"):
        add(tmp_path)

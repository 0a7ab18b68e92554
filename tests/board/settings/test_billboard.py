"""BILLBOARD_FILE, and what is said of mistakes in it."""

from pathlib import Path

import pytest

from board.domain.playlist import Item, Kind, Mood
from board.settings import SettingsError
from board.settings.billboard import content_type, read_billboard
from tests.support.host import CHECKOUT

WHOLE = """
default = "calm"
window_seconds = 30
min_faces = 2
switch_margin = 10
[moods.happy]
when = ["HAPPY", "SURPRISED"]
min_dwell = 20
items = [{image = "party.jpg", seconds = 10, weight = 2}, {video = "dance.webm", seconds = 12}, {url = "https://example.org/"}]
[moods.calm]
when = ["CALM"]
items = [{image = "sea.jpg"}]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "billboard"
    folder.mkdir()
    for name in ("party.jpg", "sea.jpg", "dance.webm", "dance.mp4"):
        (folder / name).write_bytes(b"x")
    (tmp_path / "secret.jpg").write_bytes(b"x")
    (folder / "billboard.toml").write_text(WHOLE, encoding="utf-8")
    return folder / "billboard.toml"


def mistakes(file: Path, old: str, new: str) -> list[str]:
    assert old in WHOLE
    file.write_text(WHOLE.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        read_billboard(file)
    assert all(line.startswith("BILLBOARD_FILE: ") for line in raised.value.mistakes)
    return [line.removeprefix("BILLBOARD_FILE: ") for line in raised.value.mistakes]


def test_the_whole_file_is_read(file: Path) -> None:
    playlist = read_billboard(file)
    assert (playlist.default, playlist.window_seconds, playlist.min_faces, playlist.switch_margin) == (
        "calm",
        30,
        2,
        10,
    )
    assert playlist.moods["happy"] == Mood(
        "happy",
        frozenset({"HAPPY", "SURPRISED"}),
        (
            Item(Kind.IMAGE, "party.jpg", 10, 2),
            Item(Kind.VIDEO, "dance.webm", 12),
            Item(Kind.URL, "https://example.org/", 10),
        ),
        20,
    )
    assert playlist.moods["calm"].items == (Item(Kind.IMAGE, "sea.jpg", 10),)


def test_the_demos_file_can_be_used() -> None:
    assert set(read_billboard(CHECKOUT / "demo" / "billboard" / "billboard.toml").moods) == {"happy", "calm", "gloomy"}


def test_every_mistake_is_told_at_once(file: Path) -> None:
    assert mistakes(file, "window_seconds = 30", 'window_second = 30\nmin_face = "x"\nmodes = 1') == [
        "min_face: there is no such key; did you mean min_faces?",
        "modes: there is no such key; did you mean moods?",
        "window_second: there is no such key; did you mean window_seconds?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"CALM"', '"QUIET"', "[moods.calm] when: must be a list of HAPPY, SAD, ANGRY, CONFUSED, DISGUSTED, SURPRISED"),
        ('default = "calm"', 'default = "quiet"', "default: must be the name of one of the moods: happy, calm"),
        ('"sea.jpg"', '"see.jpg"', "there is no file see.jpg beside this one"),
        ('"sea.jpg"', '"../secret.jpg"', "does not lie in the folder of this file"),
        ('"sea.jpg"', '"link.jpg"', "does not lie in the folder of this file"),
        ('"sea.jpg"', '"billboard.toml"', "is no image that browsers play"),
        ('"sea.jpg"', '"/etc/passwd"', "is no image that browsers play"),
        ('"sea.jpg"', '"a\\u0000.jpg"', "cannot be read"),
        ('image = "sea.jpg"', 'video = "dance.mp4"', "say how long dance.mp4 is, such as seconds = 12"),
        ('image = "sea.jpg"', 'image = "sea.jpg", url = "https://example.org/"', "must be one of"),
        ('image = "sea.jpg"', "image = 7", "must be one of"),
        ('"https://example.org/"', '"javascript:alert(1)"', "url must be a whole address without a login"),
        ('"https://example.org/"', '"https://me:secret@example.org/"', "url must be a whole address without a login"),
        ('"https://example.org/"', '"https://[/"', "url must be a whole address without a login"),
        ("seconds = 10", "seconds = 0", "seconds: must be a number from 1 to 3600"),
        ("weight = 2", "weight = 2.5", "weight: must be a whole number from 1 to 20"),
        ("min_dwell = 20", "min_dwell = -1", "min_dwell: must be a number from 0 to 3600"),
        ("switch_margin = 10", "switch_margin = true", "switch_margin: must be a number from 0 to 100"),
        ('items = [{image = "sea.jpg"}]', "items = []", "items: must be a list of 1 to 200 items"),
        ("[moods.calm]", "[mood.calm]", "mood: there is no such key; did you mean moods?"),
    ],
)
def test_a_mistake_is_told_in_plain_words(file: Path, old: str, new: str, words: str) -> None:
    (file.parent / "link.jpg").symlink_to(file.parents[1] / "secret.jpg")
    told = mistakes(file, old, new)
    assert any(words in line for line in told), told
    assert not any("secret@" in line for line in told)


def test_no_toml_and_no_file_are_told(file: Path) -> None:
    assert "is no TOML" in mistakes(file, "[moods.happy]", "[moods.happy")[0]
    file.unlink()
    with pytest.raises(SettingsError, match="does not exist"):
        read_billboard(file)


def test_a_file_may_lie_in_a_folder_below(file: Path) -> None:
    (file.parent / "summer").mkdir()
    (file.parent / "summer" / "sea.jpg").write_bytes(b"x")
    file.write_text(WHOLE.replace('"sea.jpg"', '"summer/sea.jpg"'), encoding="utf-8")
    assert read_billboard(file).moods["calm"].items[0].source == "summer/sea.jpg"


def test_the_content_type_is_that_of_the_suffix() -> None:
    assert [content_type(name) for name in ("a.JPG", "b/c.mp4", "d.webm")] == ["image/jpeg", "video/mp4", "video/webm"]

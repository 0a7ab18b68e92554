"""BILLBOARD_FILE, and what it says of mistakes in it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from board.domain.playlist import Kind
from board.settings import SettingsError, load
from board.settings.billboard import read_billboard
from board.settings.billboard_content import MAX_BYTES, version_of
from tests.support.host import CHECKOUT

EXAMPLE = CHECKOUT / "demo" / "billboard"

Written = Callable[[str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the demo's images and its video."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "billboard"))


@pytest.fixture
def written(folder: Path) -> Written:
    def write(text: str) -> Path:
        (folder / "billboard.toml").write_text(text, encoding="utf-8")
        return folder / "billboard.toml"

    return write


def calm(items: str, more: str = "") -> str:
    return f'default = "calm"\n{more}\n[moods.calm]\nwhen = ["CALM"]\nitems = [{items}]\n'


def mistakes(path: Path) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        read_billboard(path)
    assert all(line.startswith("BILLBOARD_FILE: ") for line in raised.value.mistakes)
    return [line.removeprefix("BILLBOARD_FILE: ") for line in raised.value.mistakes]


def test_the_example_can_be_used() -> None:
    playlist = read_billboard(EXAMPLE / "billboard.toml")
    assert (playlist.default, list(playlist.moods)) == ("calm", ["happy", "calm"])
    assert (playlist.window_seconds, playlist.min_faces, playlist.switch_margin) == (30.0, 1.0, 15.0)
    party, dance = playlist.moods["happy"].items
    assert (party.kind, party.source, party.seconds, party.weight) == (Kind.IMAGE, "party.jpg", 10.0, 2)
    assert (dance.kind, dance.source, dance.weight) == (Kind.VIDEO, "dance.mp4", 1)
    assert playlist.moods["happy"].min_dwell == 20.0


def test_a_video_takes_as_long_as_it_is(written: Written) -> None:
    own, longer, shorter = read_billboard(
        written(calm('{video = "dance.mp4"}, {video = "dance.mp4", seconds = 30}, {video = "dance.mp4", seconds = 2}'))
    ).items
    assert (own.seconds, longer.seconds, shorter.seconds) == (6.0, 30.0, 6.0)


def test_a_video_that_does_not_tell_its_length_needs_to_have_it_said(folder: Path, written: Written) -> None:
    (folder / "loop.webm").write_bytes(b"\x1a\x45\xdf\xa3 and more")
    (folder / "torn.mp4").write_bytes(b"no video at all")
    assert mistakes(written(calm('{video = "loop.webm"}, {video = "torn.mp4"}'))) == [
        "[moods.calm] items, 1.: say how long loop.webm is, such as seconds = 12: its file does not tell",
        "[moods.calm] items, 2.: say how long torn.mp4 is, such as seconds = 12: its file does not tell",
    ]
    [item] = read_billboard(written(calm('{video = "loop.webm", seconds = 12.5}'))).items
    assert item.seconds == 12.5


def test_every_mistake_is_told_at_once_by_its_place(written: Written) -> None:
    told = mistakes(
        written(
            """
            defualt = "calm"
            default = "happpy"
            window_seconds = "long"
            switch_margin = 101
            [moods.happy]
            when = ["GLAD"]
            min_dwel = 20
            items = [{imgae = "party.jpg"}, {image = "party.jpg", seconds = 0, weight = 2.5}, {image = "none.jpg"}]
            [moods.calm]
            items = []
            [moods.sad]
            when = ["SAD"]
            min_dwell = true
            items = [{image = "sea.jpg", url = "https://example.org/"}, "sea.jpg"]
            """
        )
    )
    one_of = 'must be one of {image = "..."}, {video = "..."} and {url = "..."}'
    assert sorted(told) == sorted(
        [
            "defualt: there is no such key; did you mean default?",
            "default: must be the name of one of the moods: happy, calm, sad",
            "window_seconds: must be a number from 1 to 600, such as 30",
            "switch_margin: must be a number from 0 to 100, such as 15",
            "[moods.happy] min_dwel: there is no such key; did you mean min_dwell?",
            "[moods.happy] when: must be a list of HAPPY, CALM, SURPRISED, SAD, ANGRY, CONFUSED, DISGUSTED, FEAR",
            "[moods.happy] items, 1. imgae: there is no such key; did you mean image?",
            f"[moods.happy] items, 1.: {one_of}",
            "[moods.happy] items, 2. seconds: must be a number from 1 to 3600, such as 10",
            "[moods.happy] items, 2. weight: must be a whole number from 1 to 20",
            "[moods.happy] items, 3.: there is no file none.jpg beside this one",
            '[moods.calm] when: not set, so that this mood would never be shown; such as ["HAPPY"]',
            '[moods.calm] items: must be a list of 1 to 200 items, such as {image = "sea.jpg"}',
            "[moods.sad] min_dwell: must be a number from 0 to 3600, such as 0",
            f"[moods.sad] items, 1.: {one_of}",
            f"[moods.sad] items, 2.: {one_of}",
        ]
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("moods = 3", "moods: must be 1 to 20 tables, such as [moods.calm] with when and items"),
        ('default = "calm"\n[moods]', "moods: must be 1 to 20 tables, such as [moods.calm] with when and items"),
        ('default = "calm"\n[moods]\ncalm = 3', "[moods.calm]: must be a table with when and items"),
    ],
)
def test_a_file_without_moods_says_what_one_is(written: Written, text: str, told: str) -> None:
    assert told in mistakes(written(text))


def test_the_default_needs_no_emotion(written: Written) -> None:
    assert read_billboard(written('default = "idle"\n[moods.idle]\nitems = [{image = "sea.jpg"}]')).default == "idle"


@pytest.mark.parametrize("name", ["../secret.jpg", "a/../sea.jpg", "..\\secret.jpg", "sea\\u0000.jpg", "sea\\n.jpg"])
def test_a_name_leads_nowhere_else(folder: Path, written: Written, name: str) -> None:
    (folder.parent / "secret.jpg").write_bytes(b"secret")
    (folder / "a").mkdir()
    [told] = mistakes(written(calm(f'{{image = "{name}"}}'.replace("..\\s", "..\\\\s"))))
    assert "must be the name of a file beside this one" in told
    assert told.isprintable()


def test_a_whole_path_is_refused_also_into_the_folder(folder: Path, written: Written) -> None:
    [told] = mistakes(written(calm(f'{{image = "{folder}/sea.jpg"}}')))
    assert "must be the name of a file beside this one" in told


@pytest.mark.parametrize("name", ["link.jpg", "linked/secret.jpg"])
def test_a_link_leads_nowhere_else_either(folder: Path, written: Written, name: str) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret.jpg").write_bytes(b"secret")
    (folder / "link.jpg").symlink_to(elsewhere / "secret.jpg")
    (folder / "linked").symlink_to(elsewhere)
    [told] = mistakes(written(calm(f'{{image = "{name}"}}')))
    assert told.endswith(f"{name} is a link that leads out of the folder of this file")


def test_a_link_within_the_folder_and_a_folder_below_are_fine(folder: Path, written: Written) -> None:
    (folder / "summer").mkdir()
    shutil.copy(folder / "sea.jpg", folder / "summer" / "sea.jpg")
    (folder / "today.jpg").symlink_to(folder / "sea.jpg")
    items = read_billboard(written(calm('{image = "summer/sea.jpg"}, {image = "today.jpg"}'))).items
    assert [item.source for item in items] == ["summer/sea.jpg", "today.jpg"]


def test_a_file_that_is_a_link_itself_has_its_images_where_it_really_lies(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "billboard.toml").symlink_to(folder / "billboard.toml")
    assert read_billboard(tmp_path / "billboard.toml").default == "calm"


def test_what_browsers_do_not_show_is_refused(folder: Path, written: Written) -> None:
    for name in ("page.html", "drawing.svg", "song.mp3", "film.avi"):
        (folder / name).write_bytes(b"x")
    told = mistakes(
        written(calm('{image = "page.html"}, {image = "drawing.svg"}, {video = "film.avi"}, {video = "sea.jpg"}'))
    )
    assert [line.partition(": ")[2].partition(" that")[0] for line in told] == [
        "page.html is no image",
        "drawing.svg is no image",
        "film.avi is no video",
        "sea.jpg is no video",
    ]


def test_files_that_are_too_large_empty_or_none_are_told_with_what_may_be(folder: Path, written: Written) -> None:
    with (folder / "huge.jpg").open("wb") as file:
        file.truncate(MAX_BYTES[Kind.IMAGE] + 5_000_000)
    (folder / "empty.jpg").touch()
    (folder / "folder.jpg").mkdir()
    told = mistakes(written(calm('{image = "huge.jpg"}, {image = "empty.jpg"}, {image = "folder.jpg"}')))
    assert [line.partition("., ")[2] or line.partition(".: ")[2] for line in told] == [
        "huge.jpg has 25 MB, and images may have up to 20 MB",
        "empty.jpg is empty",
        "folder.jpg is no file",
    ]


@pytest.mark.parametrize(
    "address", ["https://example.org/", "http://192.168.1.5:8123/lovelace?kiosk", "https://[fd00::1]:8443/a#b"]
)
def test_an_address_can_be_shown(written: Written, address: str) -> None:
    [item] = read_billboard(written(calm(f'{{url = "{address}", seconds = 20}}'))).items
    assert (item.kind, item.source, item.seconds) == (Kind.URL, address, 20.0)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org/",
        "example.org",
        "https://",
        "https://user:secret@example.org/",
        "https://exa mple.org/",
        "https://example.org; script-src */",
        "https://bücher.example/",
        "https://example.org:port/",
        "https://[fd00::1/",
    ],
)
def test_no_other_address_can_and_no_login_is_told(written: Written, address: str) -> None:
    [told] = mistakes(written(calm(f'{{url = "{address}"}}')))
    assert told.endswith("url must be a whole address in ASCII, without a login, such as https://example.org/")
    assert "secret" not in told


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "torn.toml").write_text("default = ", encoding="utf-8")
    assert "torn.toml is no TOML" in mistakes(tmp_path / "torn.toml")[0]
    assert mistakes(tmp_path / "none.toml") == [f"{tmp_path}/none.toml does not exist"]


def test_the_version_of_a_file_changes_with_it(folder: Path) -> None:
    before = version_of(folder / "sea.jpg")
    assert before == version_of(folder / "sea.jpg")
    shutil.copy(folder / "hills.jpg", folder / "sea.jpg")
    assert version_of(folder / "sea.jpg") != before
    assert version_of(folder / "none.jpg") == ""


def test_the_board_does_not_start_with_a_broken_one_and_says_so_with_all_the_rest(tmp_path: Path) -> None:
    (tmp_path / "billboard.toml").write_text(calm('{image = "none.jpg"}'), encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load({"TABLE_NAME": "captures", "BUCKET_NAME": "", "BILLBOARD_FILE": str(tmp_path / "billboard.toml")})
    assert {line.partition(":")[0] for line in raised.value.mistakes} == {
        "BUCKET_NAME",
        "BILLBOARD_FILE",
        "BOARD_PASSWORD",
    }

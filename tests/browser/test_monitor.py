"""The comfort monitor: a section's tile changes as the audience does, and its colours stay apart for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from types import MappingProxyType

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import seeds
from tests.browser.colour_vision import AT_A_GLANCE, DEFICIENCIES, distance, ground, see_with
from tests.browser.conftest import OpenBoard, Visit
from tests.browser.visitor import DESKTOP, NIGHT, NOON
from tests.support.account import Account, Item
from tests.support.board import Board

pytestmark = pytest.mark.browser

WORDS = {"green": "Facing", "yellow": "Mixed", "red": "Away", "too_few": "Too few"}
NAMES = ("back left", "back right", "front left", "front right")
APART = {NOON: AT_A_GLANCE, NIGHT: AT_A_GLANCE / 2}
"""By night all of it is darker."""


@dataclass(frozen=True)
class Audience:
    """Of four sections, whose watch has begun just now."""

    account: Account
    watch: Item

    def measure(self, levels: Mapping[str, str] = MappingProxyType({}), buckets_ago: int = 0) -> None:
        """Ten seconds, the newest or earlier ones, in which all sections are green but `levels`; each once."""
        scores = {name: seeds.SCORES[levels.get(name, "green")] for name in NAMES}
        at = datetime.now(UTC) - timedelta(seconds=seeds.BUCKET_SECONDS * buckets_ago)
        seeds.put(self.account, seeds.bucket(self.watch, at, scores))


@pytest.fixture
def audience(account: Account) -> Audience:
    return Audience(account, seeds.put(account, seeds.watch("lobby", datetime.now(UTC), 2, NAMES)))


@pytest.fixture
def board(open_board: OpenBoard) -> Board:
    return open_board("lobby")


def tile(page: Page, section: str) -> Locator:
    """The box of a section."""
    return page.locator(".tile", has_text=section)


def test_a_tile_changes_its_word_and_colour_when_its_section_turns_away(
    visit: Visit, board: Board, audience: Audience
) -> None:
    audience.measure(buckets_ago=1)
    page = visit(board, size=DESKTOP, reduced_motion="reduce")
    page.goto("monitor/lobby")
    turning, staying = tile(page, "front left"), tile(page, "front right")
    expect(turning).to_contain_text(WORDS["green"])
    before = ground(turning)
    audience.measure({"front left": "red"})
    expect(turning).to_contain_text(WORDS["red"])
    expect(staying).to_contain_text(WORDS["green"])
    assert distance(before, ground(turning)) > AT_A_GLANCE
    assert ground(staying) == before


@pytest.mark.parametrize("hour", APART, ids=["noon", "night"])
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_four_states_stay_apart(visit: Visit, board: Board, audience: Audience, deficiency: str, hour: int) -> None:
    """By colour alone; each has its sign and its word besides."""
    audience.measure(dict(zip(NAMES, WORDS, strict=True)))
    page = visit(board, size=DESKTOP, reduced_motion="reduce", hour=hour)
    page.goto("monitor/lobby")
    for section, word in zip(NAMES, WORDS.values(), strict=True):
        expect(tile(page, section)).to_contain_text(word)
    see_with(page, deficiency)
    colours = [ground(tile(page, section)) for section in NAMES]
    distances = [distance(*pair) for pair in combinations(colours, 2)]
    assert min(distances) >= APART[hour]

"""Every page on every screen: nothing overflows or overlaps, nobody is shut out, nothing comes from elsewhere."""

from collections.abc import Iterator, Mapping

import pytest

from tests.browser.checks import barriers, faults_of_layout
from tests.browser.conftest import Visit
from tests.browser.places import PLACES, Place, open_places
from tests.browser.visitor import PHONE, SIZES
from tests.support.account import Account

pytestmark = pytest.mark.browser

Places = Mapping[str, Place]


@pytest.fixture(scope="module")
def places(cloud: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    with open_places(Account(cloud), tmp_path_factory.mktemp("places")) as places:
        yield places


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("name", PLACES)
def test_nothing_overflows_or_overlaps(visit: Visit, places: Places, name: str, size: tuple[int, int]) -> None:
    place = places[name]
    page = visit(place.board, size=size, **place.options)
    page.goto(place.path)
    assert faults_of_layout(page) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("name", PLACES)
def test_nothing_shuts_anybody_out(visit: Visit, places: Places, name: str, colours: str) -> None:
    place = places[name]
    page = visit(place.board, color_scheme=colours, bypass_csp=True, **place.options)
    page.goto(place.path)
    assert barriers(page) == []


@pytest.mark.parametrize("name", ["gallery", "history"])
def test_a_page_can_be_read_without_javascript(visit: Visit, places: Places, name: str) -> None:
    page = visit(places[name].board, size=PHONE, java_script_enabled=False)
    page.goto(places[name].path)
    page.get_by_text("lobby").filter(visible=True).first.wait_for()

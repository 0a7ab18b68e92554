from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.faults.steps import ENDS, End
from tests.support.account import Item
from tests.support.site import Site


@pytest.fixture
def site(cloud: str, tmp_path: Path) -> Iterator[Site]:
    """With a camera called "lobby"."""
    with Site(cloud, tmp_path) as site:
        site.camera("lobby")
        yield site


@pytest.fixture(scope="module", params=ENDS)
def end_of_worker(request: pytest.FixtureRequest) -> End:
    """For a `site` of the module's own, whose worker ended this way."""
    end: End = request.param
    return end


@pytest.fixture(scope="module")
def ends(site: Site) -> Mapping[str, Item]:
    """How everything ended at such a site."""
    return site.books.balance()

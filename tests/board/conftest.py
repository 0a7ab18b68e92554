from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from board.services import Services
from board.web.app import make_app
from tests.board.fakes import FakeTable, make_services


@pytest.fixture
def table() -> FakeTable:
    return FakeTable()


@pytest.fixture
def services(table: FakeTable) -> Services:
    return make_services(table)


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    """A browser at the board, without a login."""
    with TestClient(make_app(services), base_url="http://localhost") as client:
        yield client

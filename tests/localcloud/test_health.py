from localcloud.health import complaint
from localcloud.server import LocalCloud


def test_a_local_cloud_with_its_table_is_healthy(cloud: LocalCloud) -> None:
    assert complaint(cloud.endpoint) is None


def test_one_without_its_table_is_not_yet(cloud: LocalCloud) -> None:
    assert "400" in str(complaint(cloud.endpoint, "no-such-table"))


def test_where_nobody_listens_the_reason_is_told() -> None:
    assert "refused" in str(complaint("http://127.0.0.1:9"))

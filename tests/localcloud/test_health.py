from localcloud.health import complaint
from localcloud.server import LocalCloud


def test_a_local_cloud_with_its_bucket_is_healthy(cloud: LocalCloud) -> None:
    assert complaint(f"{cloud.endpoint}/{cloud.resources.bucket}") is None


def test_one_without_is_not_yet(cloud: LocalCloud) -> None:
    assert "404" in str(complaint(f"{cloud.endpoint}/no-such-bucket"))


def test_where_nobody_listens_the_reason_is_told() -> None:
    assert "refused" in str(complaint("http://127.0.0.1:9/captures"))

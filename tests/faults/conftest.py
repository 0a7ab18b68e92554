from tests.support.local_cloud import cloud

__all__ = ["cloud"]

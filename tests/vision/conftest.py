import pytest

from localcloud.vision import FaceAnalyser


@pytest.fixture(scope="session")
def analyser() -> FaceAnalyser:
    return FaceAnalyser()

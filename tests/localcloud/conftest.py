from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import boto3
import numpy as np
import pytest
from numpy.typing import NDArray

from localcloud.server import LocalCloud
from localcloud.vision import Attribute
from localcloud.voice import Voice

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_polly import PollyClient
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient


@dataclass
class FixedFaces:
    """Sees the same face in every image, and keeps the images for the test to look at."""

    images: list[NDArray[np.uint8]] = field(default_factory=list)
    asked: list[AbstractSet[Attribute]] = field(default_factory=list)

    def detect_faces(
        self, image: NDArray[np.uint8], attributes: AbstractSet[Attribute]
    ) -> Sequence[Mapping[str, object]]:
        self.images.append(image)
        self.asked.append(attributes)
        return [
            {
                "BoundingBox": {"Left": 0.25, "Top": 0.5, "Width": 0.125, "Height": 0.25},
                "Confidence": 99.5,
                "Emotions": [{"Type": "HAPPY", "Confidence": 90.0}, {"Type": "CALM", "Confidence": 10.0}],
                "Landmarks": [{"Type": "nose", "X": 0.3, "Y": 0.6}],
                "Pose": {"Roll": 1.5},
            }
        ]


@pytest.fixture(scope="session")
def voice() -> Voice:
    return Voice()


@pytest.fixture(scope="package")
def faces() -> FixedFaces:
    return FixedFaces()


@pytest.fixture(scope="package")
def cloud(faces: FixedFaces, voice: Voice) -> Iterator[LocalCloud]:
    with LocalCloud(faces, voice) as running:
        yield running


@pytest.fixture(scope="package")
def bucket(cloud: LocalCloud) -> str:
    return cloud.resources.bucket


@pytest.fixture(scope="package")
def session() -> boto3.Session:
    return boto3.Session("anyone", "anything", region_name="us-east-1")


@pytest.fixture(scope="package")
def sqs(session: boto3.Session, cloud: LocalCloud) -> "SQSClient":
    return session.client("sqs", endpoint_url=cloud.endpoint)


@pytest.fixture(scope="package")
def s3(session: boto3.Session, cloud: LocalCloud) -> "S3Client":
    return session.client("s3", endpoint_url=cloud.endpoint)


@pytest.fixture(scope="package")
def dynamodb(session: boto3.Session, cloud: LocalCloud) -> "DynamoDBClient":
    return session.client("dynamodb", endpoint_url=cloud.endpoint)


@pytest.fixture(scope="package")
def rekognition(session: boto3.Session, cloud: LocalCloud) -> "RekognitionClient":
    return session.client("rekognition", endpoint_url=cloud.endpoint)


@pytest.fixture(scope="package")
def polly(session: boto3.Session, cloud: LocalCloud) -> "PollyClient":
    return session.client("polly", endpoint_url=cloud.endpoint)

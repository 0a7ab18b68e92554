"""`python -m benchmarks.bare`: the least that could poll: boto3, requests, five clients and a loop."""

import os
from typing import Literal

import boto3
import requests


def main() -> None:
    region = os.environ["AWS_REGION"]
    services: tuple[Literal["s3", "dynamodb", "rekognition", "polly"], ...] = ("s3", "dynamodb", "rekognition", "polly")
    session = requests.Session()
    _clients = [boto3.client(service, region_name=region) for service in services]
    session.get(f"http://{os.environ['CAMERA_HOST']}/", timeout=5)
    sqs = boto3.client("sqs", region_name=region)
    url = sqs.get_queue_url(QueueName="take-picture")["QueueUrl"]
    while True:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


if __name__ == "__main__":
    main()

"""`python -m benchmarks.sequential`: the same job, one step after another, the way a first script does it.

boto3 and requests with their defaults: snapshot, nod (1 s), faces, labels, text, faces again, photo to S3, item to
DynamoDB, Polly, speaker. `--plain` leaves out labels, text and the second look at the faces.
"""

import argparse
import os
import time
from uuid import uuid4

import boto3
import requests
from requests.auth import HTTPDigestAuth

NOD_SECONDS = 0.5
SNAPSHOT = "/cgi-bin/snapshot.cgi"
PTZ = "/cgi-bin/ptz.cgi?action={action}&channel=0&code={code}&arg1=0&arg2=1&arg3=0"
SPEAKER = "/cgi-bin/audio.cgi?action=postAudio&httptype=singlepart&channel=1"


class Sequential:
    """Its clients and its camera, for the life of the process."""

    def __init__(self, *, plain: bool) -> None:
        self._plain = plain
        self._camera = requests.Session()
        self._camera.auth = HTTPDigestAuth("admin", os.environ["CAMERA_PASSWORD"])
        self._address = f"http://{os.environ['CAMERA_HOST']}"
        region = os.environ["AWS_REGION"]
        self._sqs = boto3.client("sqs", region_name=region)
        self._rekognition = boto3.client("rekognition", region_name=region)
        self._s3 = boto3.client("s3", region_name=region)
        self._dynamodb = boto3.client("dynamodb", region_name=region)
        self._polly = boto3.client("polly", region_name=region)

    def run(self) -> None:
        """Until the process is ended."""
        url = self._sqs.get_queue_url(QueueName="take-picture")["QueueUrl"]
        while True:
            answer = self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1, WaitTimeSeconds=20)
            for message in answer.get("Messages", []):
                self._work()
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def _work(self) -> None:
        photo = self._get(SNAPSHOT)
        self._nod()
        emotion = self._analyse(photo)
        self._store(photo, emotion)
        self._speak(f"You look {emotion.lower()}.")

    def _nod(self) -> None:
        for code in ("Up", "Down"):
            self._get(PTZ.format(action="start", code=code))
            time.sleep(NOD_SECONDS)
            self._get(PTZ.format(action="stop", code=code))

    def _analyse(self, photo: bytes) -> str:
        answer = self._rekognition.detect_faces(Image={"Bytes": photo}, Attributes=["ALL"])
        if not self._plain:
            self._rekognition.detect_labels(Image={"Bytes": photo})
            self._rekognition.detect_text(Image={"Bytes": photo})
            answer = self._rekognition.detect_faces(Image={"Bytes": photo}, Attributes=["ALL"])
        emotions = answer["FaceDetails"][0]["Emotions"]
        return max(emotions, key=lambda emotion: emotion["Confidence"])["Type"]

    def _store(self, photo: bytes, emotion: str) -> None:
        press = str(uuid4())
        self._s3.put_object(Bucket="captures", Key=f"{press}.jpg", Body=photo, ContentType="image/jpeg")
        self._dynamodb.update_item(
            TableName="captures",
            Key={"camera": {"S": "default"}, "capture_id": {"S": press}},
            UpdateExpression="SET #emotion = :set_emotion, #attempt = :set_attempt, #lease_until = :set_lease_until",
            ConditionExpression="attribute_not_exists(#capture_id)",
            ExpressionAttributeNames={f"#{name}": name for name in ("emotion", "attempt", "lease_until", "capture_id")},
            ExpressionAttributeValues={
                ":set_emotion": {"S": emotion},
                ":set_attempt": {"S": press},
                ":set_lease_until": {"S": ""},
            },
        )

    def _speak(self, sentence: str) -> None:
        answer = self._polly.synthesize_speech(
            Text=sentence, OutputFormat="alaw", SampleRate="8000", VoiceId="Joanna", Engine="neural"
        )
        sound, headers = answer["AudioStream"].read(), {"Content-Type": "Audio/G.711A"}
        # To a camera that answers a POST without credentials with a reset: the session has a nonce from the snapshot.
        self._camera.post(self._address + SPEAKER, data=sound, headers=headers, timeout=20).raise_for_status()

    def _get(self, target: str) -> bytes:
        reply = self._camera.get(self._address + target, timeout=20)
        reply.raise_for_status()
        return reply.content


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sequential")
    parser.add_argument("--plain", action="store_true")
    Sequential(plain=parser.parse_args().plain).run()


if __name__ == "__main__":
    main()

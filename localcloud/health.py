"""`python -m localcloud.health ENDPOINT [TABLE [REGION]]`: exit code 0 once the local cloud has all a worker needs.

It is asked often while a demo starts, so it imports neither boto3 nor moto.
"""

import json
import sys
from urllib.request import Request, urlopen

from localcloud.resources import Resources

TIMEOUT_SECONDS = 5


def complaint(endpoint: str, table: str = Resources.table, region: str = "us-east-1") -> str | None:
    """What is wrong, or None if the table is there: it is made last."""
    # moto finds service and region in the signature's scope, and verifies nothing of it.
    scope = f"AWS4-HMAC-SHA256 Credential=health/20260101/{region}/dynamodb/aws4_request"
    request = Request(  # noqa: S310 - the scheme is whoever asks to choose
        endpoint,
        json.dumps({"TableName": table}).encode(),
        {
            "Authorization": f"{scope}, SignedHeaders=host, Signature=none",
            "X-Amz-Target": "DynamoDB_20120810.DescribeTable",
            "Content-Type": "application/x-amz-json-1.0",
        },
    )
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 - the same
            return None
    except OSError as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(complaint(*sys.argv[1:]))

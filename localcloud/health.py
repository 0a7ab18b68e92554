"""`python -m localcloud.health URL`: exit code 0 once the bucket at this URL is there, which --bucket makes last.

It is asked often while a demo starts, so it imports neither boto3 nor moto.
"""

import sys
from urllib.request import Request, urlopen

TIMEOUT_SECONDS = 5


def complaint(bucket_url: str) -> str | None:
    """What is wrong, or None."""
    request = Request(bucket_url, method="HEAD")  # noqa: S310 - the scheme is whoever asks to choose
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 - the same
            return None
    except OSError as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(complaint(sys.argv[1]))

"""A real S3 server on loopback: moto's, as a process of its own, started on first use; ends with the tests."""

import atexit
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping

from tests.harness import free_port

#: Any will do: moto lets everybody in.
KEYS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    # No look for the keys of a machine in a cloud.
    "AWS_EC2_METADATA_DISABLED": "true",
}


class S3Server:
    """One server, with one bucket."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", self.url.rpartition(":")[2]],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )  # fmt: skip
        atexit.register(self._process.kill)
        self._until_it_answers()
        self._put("bucket")

    @property
    def environ(self) -> Mapping[str, str]:
        """What a store of attachments needs to find it."""
        return {**KEYS, "AWS_ENDPOINT_URL": self.url}

    def new_folder(self) -> str:
        """MEDIA_URL of a folder that is empty."""
        return f"s3://bucket/{uuid.uuid4().hex}"

    def _until_it_answers(self, seconds: float = 60.0) -> None:
        ends_at = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(self.url, timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                if self._process.poll() is not None or time.monotonic() > ends_at:
                    raise RuntimeError("moto's server did not start") from None
                time.sleep(0.05)

    def _put(self, bucket: str) -> None:
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/{bucket}", method="PUT"), timeout=10):
            return


_shared: list[S3Server] = []


def s3() -> S3Server:
    """The server of this test process."""
    if not _shared:
        _shared.append(S3Server())
    return _shared[0]

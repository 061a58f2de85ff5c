"""S3 as the local cloud's own machines use it: they change it as every other request does."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from infrastructure.local_cloud.calls import Call
from infrastructure.local_cloud.keeper import Keeper
from infrastructure.local_cloud.moto_adapter import Moto
from infrastructure.local_cloud.settings import REGION

_HEADERS = {
    "HTTP_HOST": "127.0.0.1",
    "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=local/20260101/{REGION}/s3/aws4_request",
}  # without a name, moto takes us for the public, who may not change what is there


class StoreFailed(Exception):
    """S3 does not have, or does not take, an object; the message says which."""


@dataclass(frozen=True)
class Place:
    """A bucket, and what the keys of interest in it begin with."""

    bucket: str
    prefix: str

    @classmethod
    def of(cls, uri: str) -> "Place":
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        return cls(bucket, prefix)

    def folder(self, *names: str) -> "Place":
        """The place as a folder, or a folder below it; its prefix ends with a slash."""
        parts = [part for part in (self.prefix.rstrip("/"), *names) if part]
        return Place(self.bucket, "".join(f"{part}/" for part in parts))

    @property
    def uri(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"


class ObjectStore:
    """The objects of every bucket."""

    def __init__(self, moto: Moto, keeper: Keeper) -> None:
        self._moto = moto
        self._keeper = keeper

    def has_bucket(self, bucket: str) -> bool:
        return self._moto.has_bucket(bucket)

    def keys(self, place: Place) -> list[str]:
        return self._moto.keys(place.bucket, place.prefix)

    def fetch(self, bucket: str, key: str, path: Path) -> None:
        """Copy an object into a file of its own, which may be written to."""
        if ".." in path.parts:
            raise StoreFailed(f"the key of s3://{bucket}/{key} leads out of its folder")
        with self._moto.lock:
            source = self._keeper.file_of(bucket, key)
            stored = source.open("rb") if source and source.is_file() else None
        if stored is None:
            raise StoreFailed(f"s3://{bucket}/{key} is gone")
        path.parent.mkdir(parents=True, exist_ok=True)
        with stored, path.open("wb") as target:
            shutil.copyfileobj(stored, target, 2**20)

    def put(self, bucket: str, key: str, source: BinaryIO) -> None:
        # as a whole: moto joins the parts of an upload in memory, which takes twice as much of it
        self._ask("PUT", bucket, key, source.read())

    def delete(self, bucket: str, key: str) -> None:
        self._ask("DELETE", bucket, key)

    def _ask(self, method: str, bucket: str, key: str, body: bytes = b"") -> None:
        path = f"/{bucket}/{key}".encode().decode("latin-1")  # WSGI's way with text
        call = Call(method, path, "", "s3", REGION, "", body, _HEADERS)
        answer = self._keeper.answer(call.environ(), call)
        if answer.status_code >= 300:
            code = re.search(r"<Code>(.*)</Code>", answer.get_data(as_text=True))
            told = code[1] if code else answer.status
            raise StoreFailed(f"S3 answered {told} to {method} s3://{bucket}/{key}")

"""A request to AWS as the local cloud needs to see it: which service, which operation, its body."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote
from wsgiref.util import setup_testing_defaults

from infrastructure.local_cloud.settings import REGION

_KEPT_HEADERS = ("CONTENT_TYPE", "HTTP_AUTHORIZATION", "HTTP_X_AMZ_TARGET", "HTTP_HOST")


@dataclass(frozen=True)
class Call:
    """One request; `operation` is empty where the path says it (S3, the runtime)."""

    method: str
    path: str
    query: str
    service: str
    region: str
    operation: str
    body: bytes
    headers: dict[str, str]

    @classmethod
    def read(cls, environ: dict[str, Any], body: bytes) -> "Call":
        service, region = _scope(environ.get("HTTP_AUTHORIZATION", ""))
        return cls(
            method=environ["REQUEST_METHOD"],
            path=environ.get("PATH_INFO", "/"),
            query=environ.get("QUERY_STRING", ""),
            service=service,
            region=region,
            operation=_operation(environ, body),
            body=body,
            headers={name: environ[name] for name in _KEPT_HEADERS if name in environ},
        )

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty if it is none."""
        try:
            found = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def arguments(self) -> set[str]:
        """The names in the query."""
        return set(parse_qs(self.query, keep_blank_values=True))

    def bucket_and_key(self) -> tuple[str, str]:
        """Of a path-style S3 request; either may be empty."""
        bucket, _, key = self.path.lstrip("/").partition("/")
        return bucket, key.encode("latin-1").decode("utf-8", "replace")  # WSGI's way with text

    def environ(self) -> dict[str, Any]:
        """The call as a WSGI request, to be made again."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": self.path,
            "RAW_URI": quote(self.path.encode("latin-1")),
            "QUERY_STRING": self.query,
            **self.headers,
        }
        setup_testing_defaults(environ)
        return environ


def _scope(authorization: str) -> tuple[str, str]:
    parts = authorization.partition("Credential=")[2].partition(",")[0].split("/")
    return (parts[3], parts[2]) if len(parts) == 5 else ("", REGION)


def _operation(environ: dict[str, Any], body: bytes) -> str:
    target = str(environ.get("HTTP_X_AMZ_TARGET", ""))
    if target:
        return target.rpartition(".")[2]
    if str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded"):
        return parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
    return ""

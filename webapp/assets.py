"""Static files under addresses that change with their content, so browsers may keep them."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

A_YEAR = 365 * 24 * 3600  # seconds


def register(app: Flask) -> None:
    """Give every address of a static file its version; let versioned answers be kept."""
    folder = Path(app.static_folder or "")
    versions = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in folder.rglob("*")
        if path.is_file()
    }

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and (version := versions.get(values.get("filename", ""))):
            values.setdefault("v", version)

    app.url_defaults(add_version)
    app.after_request(_keep_versioned)


def _keep_versioned(response: Response) -> Response:
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.cache_control.no_cache = None
        response.cache_control.max_age = A_YEAR
        response.cache_control.immutable = True
    return response

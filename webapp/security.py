"""Headers that tell browsers what the site may do: load its own files, and nothing else; and
addresses that can name nothing of ours."""

from flask import Flask, Response, abort, request

LONGEST_ID = 200  # characters; a key of more than 2,048 bytes is an error to DynamoDB

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {whom}" for what, whom in _POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def register(app: Flask) -> None:
    app.before_request(_refuse_long_ids)
    app.after_request(_add_headers)


def _refuse_long_ids() -> None:
    if any(len(str(part)) > LONGEST_ID for part in (request.view_args or {}).values()):
        abort(404)


def _add_headers(response: Response) -> Response:
    response.headers.extend(_HEADERS)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response

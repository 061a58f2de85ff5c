"""Forms and scripts of ours prove with a token that the page was ours; machines prove who they are
with a token of another kind, which no browser sends by itself."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from webapp.errors import problem_answer
from webapp.signin import bearer, is_host

# these change nothing of anybody's, and take JSON only
_OPEN = (
    "api.write_verse",
    "api.give_pin",
    "api.keep_composed",
    "sound_api.sound",
    "inner_api.inner",
)
_NO_TOKEN = (
    "token",
    "This token is none of ours, or it has been removed.",
    "Send `Authorization: Bearer` with a token of scripts.add_token.",
)
_CHANGES_NOTHING = {"GET", "HEAD", "OPTIONS", "TRACE"}


def register(app: Flask) -> None:
    csrf = CSRFProtect()
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    csrf.init_app(app)

    @app.before_request
    def protect() -> ResponseReturnValue | None:
        if request.endpoint in (None, *_OPEN) or request.method in _CHANGES_NOTHING:
            return None
        if request.path.startswith("/api/") and "Authorization" in request.headers:
            if bearer():
                return None
            if not is_host():  # a proxy may add words of its own to what a host's browser sends
                return problem_answer(401, *_NO_TOKEN)
        csrf.protect()
        return None

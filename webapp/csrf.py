"""Forms and scripts of ours prove with a token that the page was ours; machines prove who they are
with a token of another kind, which no browser sends by itself."""

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect

from webapp.signin import bearer

# these change nothing of anybody's, and take JSON only
_OPEN = (
    "api.write_verse",
    "api.give_pin",
    "api.keep_composed",
    "sound_api.sound",
    "inner_api.inner",
)
_CHANGES_NOTHING = {"GET", "HEAD", "OPTIONS", "TRACE"}


def register(app: Flask) -> None:
    csrf = CSRFProtect()
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    csrf.init_app(app)

    @app.before_request
    def protect() -> None:
        if request.endpoint in (None, *_OPEN) or request.method in _CHANGES_NOTHING:
            return
        if request.path.startswith("/api/") and bearer():
            return
        csrf.protect()

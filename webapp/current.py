"""What the running site was made of, for the code that answers a request."""

from typing import cast

from flask import current_app

from webapp.settings import WebSettings
from webapp.wiring import Parts


def parts() -> Parts:
    return cast(Parts, current_app.extensions["deep_hop"])


def settings() -> WebSettings:
    return cast(WebSettings, current_app.extensions["deep_hop_settings"])

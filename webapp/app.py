"""The site: create_app(settings, parts) -> Flask. Every collaborator is handed in."""

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import (
    api,
    assets,
    csrf,
    demo_api,
    errors,
    history,
    hosting,
    inner_api,
    oidc,
    planning,
    presenting,
    security,
    shown,
    signin,
    sound_api,
    unfinished_api,
    verse_pages,
    visitors,
)
from webapp.openapi import document
from webapp.settings import WebSettings
from webapp.wiring import Parts

LARGEST_BODY = 64 * 1024  # bytes
COOKIE_LASTS = timedelta(days=90)  # as long as the verses that its browser may delete


def create_app(settings: WebSettings, parts: Parts) -> Flask:
    """Make the site from its settings and from what reaches AWS."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        PERMANENT_SESSION_LIFETIME=COOKIE_LASTS,
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_COOKIE_NAME="deep_hop",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.extensions["deep_hop"] = parts
    app.extensions["deep_hop_settings"] = settings
    csrf.register(app)
    for part in (visitors, verse_pages, presenting, signin, hosting, planning, history):
        app.register_blueprint(part.pages)
    for part in (api, demo_api, sound_api, inner_api, unfinished_api, document):
        app.register_blueprint(part.routes)
    oidc.register(app, settings.issuer)
    assets.register(app)
    errors.register(app)
    security.register(app)
    shown.register(app)
    app.add_url_rule("/healthz", "healthz", lambda: ("ok\n", 200, {"Content-Type": "text/plain"}))
    return app

"""Hosts sign in with an issuer who knows them (OpenID Connect: code flow with PKCE), where the
settings name one."""

from typing import Any

from authlib.integrations.base_client import MismatchingStateError, OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException

from webapp import current, host_session
from webapp.issuer import Issuer
from webapp.signin import NOBODY, is_host, refuse

pages = Blueprint("oidc", __name__, url_prefix="/signin/oidc")
TRIES_OF_AN_ADDRESS = 50  # that failed, in fifteen minutes
LONGEST = 200  # characters of an e-mail, in what is said of it
_NAME, _SLOW = "issuer", 10  # seconds
_SIGNED_WITH = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
_DESCRIBED = {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"}
_ALGORITHMS = "id_token_signing_alg_values_supported"
_DENIED = "{name} did not tell us who you are. Sign in again and allow it, or use a password."
_OLD = "This sign-in is too old, or was begun in another browser. Begin it again."
_AWAY = "{name} cannot be reached. Try again in a moment, or use a password."
_FALSE = (
    "The answer of {name} cannot be trusted. Begin again; if that does not help, whoever runs this "
    "site finds the reason in its log."
)
_UNVERIFIED = "{name} has not verified an e-mail address of yours. Have it verified there first."
_NO_HOST = "{email} is no host here. Ask whoever runs this site to add it, or use another account."


def register(app: Flask, issuer: Issuer | None) -> None:
    """Without an issuer there are no such pages."""
    if issuer is None:
        return
    OAuth(app).register(
        _NAME,
        client_id=issuer.client_id,
        client_secret=issuer.client_secret,
        server_metadata_url=issuer.discovery,
        authorize_params={"prompt": "select_account"},  # whose account is no host's may use another
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": _SLOW,
        },
    )
    app.register_blueprint(pages)


@pages.get("")
def begin() -> ResponseReturnValue:
    """Send the browser to the issuer. A link leads here, not a form: our Content-Security-Policy
    lets forms lead nowhere else, and a sign-in that somebody else begins ends at its state."""
    if is_host():
        return redirect(url_for("hosting.panel"))
    _forget_begun()
    try:
        _description()
        answer: ResponseReturnValue = _client().authorize_redirect(
            url_for("oidc.back", _external=True)
        )
    except (RequestException, ValueError) as error:
        return _refuse(503, _AWAY, error)
    return answer


@pages.get("/back")
def back() -> ResponseReturnValue:
    """The issuer has sent the browser back with a code, or with the reason why there is none."""
    if "error" in request.args:
        _forget_begun()
        return _refuse(403, _DENIED)
    if not _is_begun():  # it costs nothing and tells nothing, so that it is no try
        return _refuse(403, _OLD)
    if refused := _too_many():
        return refused
    try:
        claims = _claims()
    except MismatchingStateError:
        return _refuse(403, _OLD)
    except (OAuthError, JoseError, KeyError) as error:
        return _refuse(403, _FALSE, error)
    except (RequestException, ValueError) as error:
        return _refuse(503, _AWAY, error)
    finally:
        _forget_begun()
    return _let_in(claims)


def _let_in(claims: dict[str, Any]) -> ResponseReturnValue:
    issuer, audit = current.settings().issuer, current.parts().audit
    assert issuer is not None  # nosec B101  # without one the routes are not there
    email, by = claims.get("email"), f"by {issuer.name}"
    if not isinstance(email, str) or claims.get("email_verified") is not True:
        return _refuse(403, _UNVERIFIED)
    if not issuer.allows(email):
        audit.add(NOBODY, "failed to sign in", by)
        return _refuse(403, _NO_HOST, email=email[:LONGEST])
    host_session.begin(email.lower())
    current.parts().throttle.give_back(_tries_key())
    audit.add(email.lower(), "signed in", by)
    return redirect(url_for("hosting.panel"), 303)


def _claims() -> dict[str, Any]:
    """What the issuer says of who signs in, its signature, audience, nonce and times checked."""
    description = _description()
    wanted = {
        "iss": {"essential": True, "value": description["issuer"]},
        "aud": {"essential": True, "value": _client().client_id},
    }
    token = _client().authorize_access_token(claims_options=wanted)
    return dict(token["userinfo"])


def _description() -> dict[str, Any]:
    """The issuer's own words on where its parts are; one that lacks some is not kept."""
    told: dict[str, Any] = _client().load_server_metadata()
    if not told.keys() >= _DESCRIBED:
        told.clear()
        raise ValueError(f"The issuer's description needs: {', '.join(sorted(_DESCRIBED))}.")
    # what anybody could sign is no signature
    told[_ALGORITHMS] = [name for name in told.get(_ALGORITHMS, ["RS256"]) if name in _SIGNED_WITH]
    return told


def _client() -> Any:
    return current_app.extensions["authlib.integrations.flask_client"].create_client(_NAME)


def _forget_begun() -> None:
    """Of several sign-ins that were begun the last one counts, and the cookie stays small."""
    for key in [key for key in session if key.startswith(f"_state_{_NAME}")]:
        del session[key]


def _is_begun() -> bool:
    return f"_state_{_NAME}_{request.args.get('state')}" in session


def _tries_key() -> str:
    return f"oidc {current.network()}"


def _too_many() -> ResponseReturnValue | None:
    if seconds := current.parts().throttle.take(_tries_key(), TRIES_OF_AN_ADDRESS):
        said = f"Too many tries. Try again in {max(1, seconds // 60)} minutes."
        return refuse(429, said, seconds)
    return None


def _refuse(
    status: int, message: str, error: Exception | None = None, email: str = ""
) -> ResponseReturnValue:
    issuer = current.settings().issuer
    assert issuer is not None  # nosec B101  # without one the routes are not there
    if error is not None:
        current_app.logger.warning("No sign-in with %s: %r", issuer.name, error)
    return refuse(status, message.format(name=issuer.name, email=email))

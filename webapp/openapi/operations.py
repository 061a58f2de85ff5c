"""What the routes of the API have in common: who may ask, and what can always come back."""

from webapp.openapi.pieces import Json, errors

SESSION: Json = {"session": []}
FORM: Json = {"session": [], "csrf": []}
_UNREACHABLE = errors(s503="AWS cannot be reached now.")
NO_JSON = errors(
    s400="Not as it must be; `fields` names what is wrong.",
    s413="Larger than the site takes.",
    s415="The body is not JSON.",
)
CSRF = errors(
    s400="Not as it must be, or without a CSRF token.",
    s401="`Authorization` has no valid token.",
)
EMPTY: Json = {"204": {"description": "Done."}}


def route(said: str, answers: Json, **more: object) -> Json:
    return {"summary": said, "responses": {**_UNREACHABLE, **answers}} | more


def guarded(scope: str, said: str, answers: Json, changes: bool = True, **more: object) -> Json:
    """For hosts, and for tokens with this scope."""
    nobody = "Nobody has signed in, or `Authorization` has no valid token."
    who = errors(s401=nobody, s403=f"The token has no scope `{scope}`.")
    security = [{"token": [scope]}, FORM if changes else SESSION]
    return route(said, (CSRF if changes else {}) | who | answers, security=security, **more)

"""Errors as visitors see them: JSON under /api, a page with a way back elsewhere."""

import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from flask import Flask, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from bars.verse import Problem

log = logging.getLogger(__name__)
_KNOWN = {
    400: ("bad_request", "The request cannot be understood.", "Check it and send it again."),
    401: ("sign_in", "Only hosts may do this.", "Sign in first."),
    404: ("not_found", "There is nothing here.", "Go back to the first page."),
    405: ("wrong_method", "This cannot be asked for in this way.", "Go back to the first page."),
    413: ("too_large", "The request is too large.", "Send less text."),
    415: ("not_json", "The request must be JSON.", "Send Content-Type: application/json."),
    500: ("broken", "Something went wrong on our side.", "Try again in a moment."),
}
UNREACHABLE = ("unreachable", "The model's machine cannot be reached.", "Try again in a moment.")


def problem_answer(
    status: int, code: str, message: str, remedy: str, **more: Any
) -> ResponseReturnValue:
    """One error, as JSON or as a page; `fields` tells what is wrong with which."""
    if request.path.startswith("/api/"):
        body = {"code": code, "message": message, "remedy": remedy, "fields": [], **more}
        return jsonify(body), status
    return render_template("error.html", status=status, message=message, remedy=remedy), status


def later(status: int, code: str, message: str, remedy: str, seconds: int) -> ResponseReturnValue:
    """An error that passes in so many seconds, where it does."""
    answer = make_response(problem_answer(status, code, message, remedy))
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def refused(message: str, problems: list[Problem] | tuple[Problem, ...]) -> ResponseReturnValue:
    fields = [problem.to_json() for problem in problems]
    return problem_answer(
        400, "bad_request", message, "Correct the fields that are named.", fields=fields
    )


def register(app: Flask) -> None:
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(ClientError, _aws)
    app.register_error_handler(BotoCoreError, _aws)
    app.register_error_handler(Exception, _broken)


def _csrf(_: Exception) -> ResponseReturnValue:
    message = "This form is too old, or its page was not ours."
    return problem_answer(400, "csrf", message, "Load the page again, then send the form.")


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    code, message, remedy = _KNOWN.get(status, ("refused", error.name + ".", "Go back."))
    answer = make_response(problem_answer(status, code, message, remedy))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _aws(error: Exception) -> ResponseReturnValue:
    log.warning("AWS: %s", error)
    return problem_answer(503, *UNREACHABLE)


def _broken(_: Exception) -> ResponseReturnValue:
    log.exception("An answer failed: %s %s", request.method, request.path)
    return problem_answer(500, *_KNOWN[500])

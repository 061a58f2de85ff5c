"""What AWS refuses, in AWS's words: the site and the scripts match on them."""

import json
from typing import Any

from werkzeug.wrappers import Response

ACCOUNT = "123456789012"


class Refusal(Exception):
    """An AWS error: its code, its HTTP status and its message."""

    def __init__(self, code: str, message: str, status: int = 400, **more: Any) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.more = more

    def response(self) -> Response:
        body = {"__type": self.code, "message": str(self), "Message": str(self), **self.more}
        return Response(
            json.dumps(body),
            self.status,
            {"x-amzn-ErrorType": self.code},
            content_type="application/x-amz-json-1.1",
        )


def arn(region: str, kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{region}:{ACCOUNT}:{kind}/{name}"


def already_exists(region: str, name: str) -> Refusal:
    where = arn(region, "endpoint", name)
    return Refusal("ValidationException", f'Cannot create already existing endpoint "{where}".')


def not_found(region: str, name: str) -> Refusal:
    where = arn(region, "endpoint", name)
    return Refusal("ValidationException", f'Could not find endpoint "{where}".')


def no_configuration(region: str, name: str) -> Refusal:
    where = arn(region, "endpoint-config", name)
    return Refusal("ValidationException", f'Could not find endpoint configuration "{where}".')


def in_progress(region: str, name: str) -> Refusal:
    where = arn(region, "endpoint", name)
    return Refusal("ValidationException", f'Cannot update in-progress endpoint "{where}".')


def not_serving(name: str) -> Refusal:
    return Refusal("ValidationError", f"Endpoint {name} of account {ACCOUNT} not found.")


def too_large(limit: int) -> Refusal:
    return Refusal("ValidationError", f"Request body exceeds the limit of {limit} bytes.", 413)


def model_error(status: int, body: bytes, message: str = "") -> Refusal:
    """The container's own error, as the runtime passes it on."""
    text = body.decode("utf-8", "replace")
    return Refusal(
        "ModelError",
        message or f'Received client error ({status}) from primary with message "{text}".',
        424,
        OriginalStatusCode=status,
        OriginalMessage=text,
    )


def invalid(message: str) -> Refusal:
    return Refusal("ValidationException", message)


def job_exists(where: str) -> Refusal:
    return Refusal(
        "ResourceInUse",
        "Training job names must be unique within an AWS account and region, and a training job "
        f"with this name already exists ({where})",
    )


def no_job() -> Refusal:
    return invalid("Requested resource not found.")


def job_in_status(status: str) -> Refusal:
    return invalid(f"The request was rejected because the training job is in status {status}.")


def not_implemented(operation: str, known: str) -> Refusal:
    return Refusal(
        "UnsupportedOperation", f"The local cloud does not do {operation}; only {known}."
    )

"""The local cloud's door: every request to AWS comes through here.

One address is no AWS's: POST /local-cloud/training-jobs/<name>/interruptions takes the spot
instance of a training job back.
"""

import json
import logging
import re
from collections.abc import Iterable
from typing import Any

from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Request, Response

from infrastructure.local_cloud import refusals
from infrastructure.local_cloud.calls import Call
from infrastructure.local_cloud.endpoints import Endpoints
from infrastructure.local_cloud.keeper import Keeper
from infrastructure.local_cloud.moto_adapter import Moto
from infrastructure.local_cloud.notice_file import NoticeFile
from infrastructure.local_cloud.runtime import ATTRIBUTES, VARIANT, Runtime
from infrastructure.local_cloud.training.jobs import TrainingJobs

log = logging.getLogger(__name__)
_INVOCATION = re.compile(r"/endpoints/([^/]+)/invocations(-response-stream)?")
_JSON = "application/x-amz-json-1.1"
_INTERRUPTION = re.compile(r"/local-cloud/training-jobs/([^/]+)/interruptions")


class Front:
    """A WSGI application: endpoints, invocations and training are ours, all else is moto's."""

    def __init__(
        self,
        moto: Moto,
        keeper: Keeper,
        endpoints: Endpoints,
        runtime: Runtime,
        training: TrainingJobs,
        notices: NoticeFile,
    ) -> None:
        self._notices = notices
        self._moto = moto
        self._keeper = keeper
        self._endpoints = endpoints
        self._runtime = runtime
        self._training = training

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            response = self._answer(environ)
        except refusals.Refusal as refusal:
            response = refusal.response()
        return response(environ, start_response)

    def _answer(self, environ: dict[str, Any]) -> Response:
        request = Request(environ)
        try:
            body = request.get_data(cache=False)
        except ClientDisconnected:
            return Response(status=400)
        found = _INVOCATION.fullmatch(request.path)
        if found and request.method == "POST":
            return self._invoke(request, body, found[1], streams=bool(found[2]))
        call = Call.read(environ, body)
        interrupted = _INTERRUPTION.fullmatch(request.path)
        if interrupted and request.method == "POST":
            return _told(self._training.interrupt(interrupted[1], call.json()))
        if call.operation == "Publish":
            self._notices.keep(body)
        if call.service == "sagemaker":
            return self._answer_sagemaker(environ, call)
        return self._keeper.answer(environ, call)

    def _answer_sagemaker(self, environ: dict[str, Any], call: Call) -> Response:
        match call.operation:
            case "CreateEndpoint":
                return self._create_endpoint(environ, call)
            case "DeleteEndpoint":
                self._endpoints.end(call.region, call.json())
                return Response(b"", 200, content_type=_JSON)
            case "UpdateEndpoint":
                raise refusals.not_implemented(call.operation, "create, describe, delete")
            case "CreateTrainingJob":
                return self._create_training_job(environ, call)
            case "DescribeTrainingJob":
                return _told(self._training.describe(call.region, call.json()))
            case "ListTrainingJobs":
                return _told(self._training.list(call.region, call.json()))
            case "StopTrainingJob":
                return _told(self._training.stop(call.region, call.json()))
            case "UpdateTrainingJob" | "DeleteTrainingJob":
                raise refusals.not_implemented(call.operation, "create, describe, list, stop")
        return self._keeper.answer(environ, call)

    def _create_endpoint(self, environ: dict[str, Any], call: Call) -> Response:
        with self._moto.lock:
            self._endpoints.check_creation(call.region, call.json())
            response = self._moto.answer(environ, call.body)
            if response.status_code == 200:
                self._endpoints.begin(call.region, call.json())
        return response

    def _create_training_job(self, environ: dict[str, Any], call: Call) -> Response:
        with self._moto.lock:
            self._training.check_creation(call.region, call.json())
            response = self._keeper.answer(environ, call)
            if response.status_code == 200:
                arn = json.loads(response.data)["TrainingJobArn"]
                self._training.begin(call.region, call.json(), arn)
        return response

    def _invoke(self, request: Request, body: bytes, name: str, streams: bool) -> Response:
        region = Call.read(request.environ, b"").region
        instance = self._endpoints.serving(region, name)
        self._moto.count_invocation(region, name, VARIANT)
        accept = request.headers.get("X-Amzn-SageMaker-Accept") or request.headers.get("Accept")
        headers: dict[str, Any] = {
            "content_type": request.headers.get("Content-Type") or "application/json",
            "accept": accept or "*/*",
            "attributes": request.headers.get(ATTRIBUTES, ""),
            "caller": request.environ.get("werkzeug.socket"),
        }
        return (self._runtime.stream if streams else self._runtime.invoke)(instance, body, headers)


def _told(answer: dict[str, Any]) -> Response:
    return Response(json.dumps(answer), 200, content_type=_JSON)

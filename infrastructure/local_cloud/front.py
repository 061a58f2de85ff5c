"""The local cloud's door: every request to AWS comes through here."""

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
from infrastructure.local_cloud.runtime import Runtime

log = logging.getLogger(__name__)
_INVOCATION = re.compile(r"/endpoints/([^/]+)/invocations(-response-stream)?")


class Front:
    """A WSGI application: endpoints and invocations are ours, everything else is moto's."""

    def __init__(self, moto: Moto, keeper: Keeper, endpoints: Endpoints, runtime: Runtime) -> None:
        self._moto = moto
        self._keeper = keeper
        self._endpoints = endpoints
        self._runtime = runtime

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
        match call.service, call.operation:
            case "sagemaker", "CreateEndpoint":
                return self._create_endpoint(environ, call)
            case "sagemaker", "DeleteEndpoint":
                self._endpoints.end(call.region, call.json())
                return Response(b"", 200, content_type="application/x-amz-json-1.1")
            case "sagemaker", "UpdateEndpoint":
                raise refusals.not_implemented("UpdateEndpoint", ("create", "describe", "delete"))
        return self._pass_on(environ, call)

    def _pass_on(self, environ: dict[str, Any], call: Call) -> Response:
        with self._moto.lock:
            response = self._moto.answer(environ, call.body)
            if response.status_code < 300 and call.method != "GET":
                self._keeper.keep(call)
        return response

    def _create_endpoint(self, environ: dict[str, Any], call: Call) -> Response:
        with self._moto.lock:
            self._endpoints.check_creation(call.region, call.json())
            response = self._moto.answer(environ, call.body)
            if response.status_code == 200:
                self._endpoints.begin(call.region, call.json())
        return response

    def _invoke(self, request: Request, body: bytes, name: str, streams: bool) -> Response:
        region = Call.read(request.environ, b"").region
        instance = self._endpoints.serving(region, name)
        accept = request.headers.get("X-Amzn-SageMaker-Accept") or request.headers.get("Accept")
        headers: dict[str, Any] = {
            "content_type": request.headers.get("Content-Type") or "application/json",
            "accept": accept or "*/*",
            "caller": request.environ.get("werkzeug.socket"),
        }
        return (self._runtime.stream if streams else self._runtime.invoke)(instance, body, headers)

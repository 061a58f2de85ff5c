"""The boto3 clients of the site. On a laptop AWS_ENDPOINT_URL leads them to the local cloud."""

from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config

STREAMS_AT_ONCE = 100
LONGEST_SILENCE = 70  # seconds; SageMaker itself ends a silent answer after 60


class Aws:
    """One session's clients, made on first use."""

    def __init__(self, session: boto3.Session, endpoint_url: str | None = None) -> None:
        self._session = session
        self._endpoint_url = endpoint_url
        self._patient = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard"})

    def client(self, service: str, config: Config | None = None) -> Any:
        return self._session.client(
            service, config=config or self._patient, endpoint_url=self._endpoint_url
        )

    @cached_property
    def sagemaker(self) -> Any:
        return self.client("sagemaker")

    @cached_property
    def runtime(self) -> Any:
        # a retry would write the verse again on the one GPU, so there is none
        once = Config(
            retries={"total_max_attempts": 1},
            read_timeout=LONGEST_SILENCE,
            max_pool_connections=STREAMS_AT_ONCE,
        )
        return self.client("sagemaker-runtime", self._patient.merge(once))

    @cached_property
    def logs(self) -> Any:
        return self.client("logs")

    @cached_property
    def sns(self) -> Any:
        return self.client("sns")

    @cached_property
    def cloudwatch(self) -> Any:
        return self.client("cloudwatch")

    def table(self, name: str) -> Any:
        return self._dynamodb.Table(name)

    @cached_property
    def _dynamodb(self) -> Any:
        return self._session.resource(
            "dynamodb", config=self._patient, endpoint_url=self._endpoint_url
        )

"""Whether the model is used: every invocation of the endpoint, by whomever, as AWS counts it."""

from datetime import UTC, datetime, timedelta
from typing import Any

VARIANT = "AllTraffic"
_PERIOD = timedelta(minutes=1)


class Usage:
    """CloudWatch's count of the endpoint's invocations; it runs some minutes behind."""

    def __init__(self, cloudwatch: Any, endpoint: str) -> None:
        self._cloudwatch = cloudwatch
        self._endpoint = endpoint

    def last_invocation(self, since: datetime, now: datetime) -> datetime | None:
        """The end of the last minute with an invocation; None if there was none."""
        answer = self._cloudwatch.get_metric_statistics(
            Namespace="AWS/SageMaker",
            MetricName="Invocations",
            Dimensions=[
                {"Name": "EndpointName", "Value": self._endpoint},
                {"Name": "VariantName", "Value": VARIANT},
            ],
            StartTime=since,
            EndTime=now,
            Period=int(_PERIOD.total_seconds()),
            Statistics=["Sum"],
        )
        minutes = [point["Timestamp"] for point in answer["Datapoints"] if point["Sum"] > 0]
        return min(now, max(minutes).astimezone(UTC) + _PERIOD) if minutes else None

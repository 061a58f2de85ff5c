"""AWS's reasons for a failed start, in plain words, each with its remedy."""

import re
from typing import NamedTuple


class Explanation(NamedTuple):
    """What went wrong, and what to do about it."""

    reason: str
    remedy: str
    passing: bool = False  # whether starting again, with nothing changed, can help


_CAPACITY = r"InsufficientInstanceCapacity|Unable to provision|capacity"
_KNOWN = (
    (
        r"ResourceLimitExceeded|quota",
        "The account may not run this kind of machine: its quota is used up or zero.",
        "Ask for more under Service Quotas, Amazon SageMaker, 'for endpoint usage'.",
    ),
    (
        r"ping health check",
        "The container started, but the model did not answer in time.",
        "Look into the endpoint's log for the reason, then deploy again.",
    ),
    (
        r"model data|Failed to download",
        "The model's files could not be downloaded.",
        "Run the deploy script again: it uploads what is missing.",
    ),
    (
        r"image|CannotStartContainer",
        "The container could not be started.",
        "Check that the image was pushed and fits the machine's driver, then deploy again.",
    ),
    (
        r"Could not find endpoint configuration|no release",
        "No model has been deployed yet.",
        "Run the deploy script, then start again.",
    ),
    (
        r"minutes that the model may run a day are used up",
        "The minutes that the model may run a day are used up.",
        "Start it tomorrow (UTC), or raise DEEP_HOP_MOST_MINUTES_A_DAY.",
    ),
    (
        r"may cost a month are used up",
        "The money that the model may cost this month is used up.",
        "Wait for the next month, or raise DEEP_HOP_MOST_MONEY_A_MONTH.",
    ),
    (
        r"AccessDenied",
        "The site may not create the endpoint.",
        "Give its role the right to call sagemaker:CreateEndpoint.",
    ),
)


_NO_CAPACITY = Explanation(
    "AWS has no such machine free at the moment.",
    "It is asked for again and again. If that does not help, deploy with another instance type.",
    passing=True,
)


def explain(failure: str) -> Explanation:
    """Plain words for AWS's failure reason; its own words where we know none."""
    if re.search(_CAPACITY, failure, re.IGNORECASE):
        return _NO_CAPACITY
    for pattern, reason, remedy in _KNOWN:
        if re.search(pattern, failure, re.IGNORECASE):
            return Explanation(reason, remedy)
    reason = f"The model could not be started: {failure}"
    return Explanation(reason, "Look into the endpoint's log, then start again.")

"""Why a training job failed or could not begin, and what can be done about it."""

import re

# our own jobs name the remedy themselves; these are SageMaker's reasons
_REMEDIES = (
    (
        r"ResourceLimitExceeded|account-level service limit",
        "The account's quota for this machine is used up or zero. Ask for more under Service "
        "Quotas, Amazon SageMaker, 'for training job usage' ('for spot training job usage').",
    ),
    (
        r"CapacityError|InsufficientInstanceCapacity|Unable to provision",
        "AWS has no such machine free at the moment. Try again later, with another "
        "--instance-type, or without --spot.",
    ),
    (
        r"No S3 objects found|Data download failed|NoSuchBucket",
        "What the job was to read is not there. Start it again: what is missing is sent again.",
    ),
    (
        r"AccessDenied|not authorized|AssumeRole",
        "The role may not do what the job needs. Give it the bucket, the image's repository and "
        "CloudWatch Logs, and let sagemaker.amazonaws.com assume it.",
    ),
    (
        r"CannotStartContainer|Cannot find repository|ImageNotFound|Failed to pull image",
        "Check that the image was pushed, and that its entry point is `python -m training_job`.",
    ),
    (
        r"exit code: 137|OutOfMemory",
        "The machine's memory did not suffice. Lower row_tokens or rows, or take a larger "
        "--instance-type.",
    ),
    (
        r"driver.*(too old|version)|CUDA error|no kernel image",
        "The image's CUDA does not fit the machine's driver. Build the image for an older CUDA.",
    ),
    (
        r"InternalServerError|The local cloud ended",
        "That was no fault of the job. Go on with it: its checkpoints are kept.",
    ),
)


def remedy_for(reason: str) -> str:
    """What to do about a reason of SageMaker's; empty where we know nothing."""
    return next((remedy for pattern, remedy in _REMEDIES if re.search(pattern, reason, re.I)), "")

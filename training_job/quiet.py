"""Libraries that tell of themselves while they load would drown what a job has to tell."""

import logging
import warnings
from typing import Any


def quieten() -> None:
    """Leave the log to our own lines, and to the errors of others."""
    logging.getLogger("bitsandbytes").setLevel(logging.CRITICAL)  # a notice for each layer
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
    from transformers.utils import logging as transformers_logging

    speaker: Any = transformers_logging
    speaker.set_verbosity_error()
    speaker.disable_progress_bar()

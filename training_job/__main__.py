"""The training container's program: python -m training_job train, or estimate

It is process 1 of the image, reads SageMaker's files and needs no toolkit.
"""

import argparse
import logging
import os
import re
import sys
import traceback

from training_job import estimate_command, torchrun
from training_job.directories import Directories, JobFailed
from training_job.interruption import Interruption
from training_job.settings import TrainSettings, TrainSettingsWrong

log = logging.getLogger("training_job")
_SPARE_MEMORY = (
    "Lower row_tokens or rows, raise accumulation instead, or switch gradient_checkpointing on."
)
_LOST_NEIGHBOUR = re.compile("gloo|NCCL|closed by peer|reset by peer", re.IGNORECASE)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training_job",
        description="Train a LoRA adapter on prepared lessons.",
        epilog="Folders and hyperparameters lie where SageMaker puts them, below /opt/ml or "
        "SAGEMAKER_BASE_DIR.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("train", help="run the job; goes on from the newest checkpoint")
    commands.add_parser("worker", help="one process of a job that torchrun has started")
    estimate_command.add_to(commands)
    arguments = parser.parse_args(argv)
    if arguments.command == "estimate":
        sys.exit(estimate_command.run(arguments))
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that spin starve other processes
    directories = Directories.from_env(os.environ)
    alone = arguments.command == "train"
    try:
        status = run(directories, alone)
    except (JobFailed, TrainSettingsWrong) as error:
        _fail(directories, str(error), alone)
    except Exception as error:
        log.error("%s", traceback.format_exc())
        _fail(directories, _unforeseen(error), alone)
    sys.exit(status)


def run(directories: Directories, alone: bool) -> int:
    """The job in this process, or in several that torchrun starts; returns the exit status."""
    interruption = Interruption()
    interruption.listen()
    if alone:
        directories.failure.unlink(missing_ok=True)  # of an earlier run in the same folders
    settings = TrainSettings.from_hyperparameters(directories.hyperparameters())
    if alone:
        resources = directories.resources()
        processes = torchrun.processes_for(settings.processes)
        if processes > 1 or len(resources["hosts"]) > 1:
            return _run_together(directories, torchrun.command(resources, processes), interruption)
    from training_job.quiet import quieten

    quieten()
    from training_job.train import train

    world = int(os.environ.get("WORLD_SIZE", "1"))  # as torchrun says it
    train(directories, settings, interruption, world, os.environ.get("DEEP_HOP_GIT_COMMIT") or None)
    return 0


def _run_together(directories: Directories, words: list[str], interruption: Interruption) -> int:
    """The job in several processes; the first reason that one has left is the job's."""
    status = torchrun.run(words, interruption)
    if status == 0:
        directories.failure.unlink(missing_ok=True)  # of processes that were started again
    elif not directories.failure.exists():
        raise JobFailed(
            "A process of the job ended without a reason of its own, as one does that the system "
            f"kills for memory. {_SPARE_MEMORY} The log tells which."
        )
    return status


def _fail(directories: Directories, reason: str, alone: bool) -> None:
    log.error("The job failed: %s", reason)
    try:
        if alone or not directories.failure.exists():
            directories.tell_failure(reason)
    except OSError as error:
        log.error("The reason cannot be written to %s (%s).", directories.failure, error.strerror)
    sys.exit(1)


def _unforeseen(error: Exception) -> str:
    """A reason for what nobody has foreseen, with the remedy where it is known."""
    text = f"{type(error).__name__}: {' '.join(str(error).split())}"
    if type(error).__name__ == "OutOfMemoryError" or "out of memory" in text.lower():
        return f"The memory does not suffice ({text[:300]}). {_SPARE_MEMORY}"
    if _LOST_NEIGHBOUR.search(text):
        return (
            f"Another process of the job ended ({text[:300]}). If the log tells no reason of its "
            f"own, the system may have killed it for memory. {_SPARE_MEMORY}"
        )
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{text[:800]} ({where.filename.rpartition('/')[2]}:{where.lineno}). See the log."


if __name__ == "__main__":
    main()

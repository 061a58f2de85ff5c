"""The training container's program: python -m training_job train, or estimate

It is process 1 of the image, reads SageMaker's files and needs no toolkit.
"""

import argparse
import logging
import os
import sys
import traceback

from training_job import estimate_command
from training_job.directories import Directories, JobFailed
from training_job.interruption import Interruption
from training_job.settings import TrainSettings, TrainSettingsWrong

log = logging.getLogger("training_job")


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
    try:
        status = run(directories, alone=arguments.command == "train")
    except (JobFailed, TrainSettingsWrong) as error:
        _fail(directories, str(error))
    except Exception as error:
        log.error("%s", traceback.format_exc())
        _fail(directories, _unforeseen(error))
    sys.exit(status)


def run(directories: Directories, alone: bool) -> int:
    """The job in this process, or in several that torchrun starts; returns the exit status."""
    interruption = Interruption()
    interruption.listen()
    directories.failure.unlink(missing_ok=True)  # of an earlier run in the same folders
    settings = TrainSettings.from_hyperparameters(directories.hyperparameters())
    if alone:
        from training_job import torchrun

        resources = directories.resources()
        processes = torchrun.processes_for(settings.processes)
        if processes > 1 or len(resources["hosts"]) > 1:
            return torchrun.run(torchrun.command(resources, processes))
    from training_job.quiet import quieten

    quieten()
    from training_job.train import train

    world = int(os.environ.get("WORLD_SIZE", "1"))  # as torchrun says it
    train(directories, settings, interruption, world, os.environ.get("DEEP_HOP_GIT_COMMIT"))
    return 0


def _fail(directories: Directories, reason: str) -> None:
    log.error("The job failed: %s", reason)
    try:
        directories.tell_failure(reason)
    except OSError as error:
        log.error("The reason cannot be written to %s (%s).", directories.failure, error.strerror)
    sys.exit(1)


def _unforeseen(error: Exception) -> str:
    """A reason for what nobody has foreseen, with the remedy where it is known."""
    text = f"{type(error).__name__}: {' '.join(str(error).split())}"
    if type(error).__name__ == "OutOfMemoryError" or "out of memory" in text.lower():
        return (
            f"The memory does not suffice ({text[:300]}). Lower row_tokens or rows, raise "
            "accumulation instead, or switch gradient_checkpointing on."
        )
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{text[:800]} ({where.filename.rpartition('/')[2]}:{where.lineno}). See the log."


if __name__ == "__main__":
    main()

"""Bring what a training job has made: python -m scripts.fetch_adapter NAME --out FOLDER

The folder gets adapter/, run.json, fingerprints, and output/ with metrics and the loss's plot.
"""

import argparse
import json
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError

from scripts.adapter_files import bring, files_of
from scripts.target import Target, add_target_arguments, run_on_target
from scripts.training_state import state_of


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Bring the adapter that a job has trained.")
    add_target_arguments(parser)
    parser.add_argument("name", help="of the job")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="a new folder")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    run_on_target(fetch, parser.parse_args(argv))


def fetch(target: Target, arguments: argparse.Namespace) -> None:
    state = state_of(target, arguments.name)
    if not state.ended:
        follow = target.command("training_status", state.name, "--follow")
        sys.exit(f"{state.name} has not ended ({state.phase}). `{follow}` waits for its end.")
    s3 = target.aws.client("s3")
    files = files_of(s3, state)
    try:
        bring(s3, files, arguments.out, state.name)
    except BotoCoreError:
        raise  # some of them are OSErrors too
    except OSError as error:
        sys.exit(f"{error.filename or arguments.out} cannot be written to: {error.strerror}.")
    if arguments.json:
        told = {str(file.name): file.size for file in files}
        print(json.dumps({"job": state.name, "out": str(arguments.out), "files": told}, indent=2))
    else:
        print(f"Fetched {len(files)} files into {arguments.out}.")


if __name__ == "__main__":
    main()

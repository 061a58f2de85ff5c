"""How well verses rhyme, scan and read: python -m scripts.score_verses --prompts FILE --json

Starts the inference container, has every prompt of the file written (one verse request a line, as
JSON), then measures: rhymes by `bars` and by an ear of its own, syllables, repetition, and how
likely the model finds the bars beside those that it samples freely. Shares are from 0 to 1, of
written bars. `nats` and `end_fit` are natural log-probabilities, a token's and an ending's, under
the model with its adapter; with `_bare`, under the base model; with `_free`, of free samples.
"""

import argparse
import json
import sys
from pathlib import Path

from requests import RequestException

from bars.verse import RequestRefused, VerseRequest
from scripts.download import DownloadFailed
from scripts.fetch_model import fetch
from scripts.model_container import ContainerFailed
from scripts.score_table import score_table
from scripts.target import SMALL_ADAPTER, cache_dir
from scripts.verse_scoring import score


class AdapterMissing(Exception):
    """There is no adapter where one was named; the message says where."""


class PromptsUnusable(Exception):
    """The prompts cannot be used; the message says which line and why."""


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.score_verses", description="Measure the verses of a model."
    )
    add = parser.add_argument
    add("--prompts", type=Path, required=True, metavar="FILE", help="a verse request a line, JSON")
    add("--limit", type=int, metavar="N", help="only the first prompts")
    add("--model", type=Path, metavar="FOLDER", help="model directory (the small model)")
    add("--adapter", type=Path, metavar="FOLDER",
        help="folder with adapter/ and run.json (the model's own)")  # fmt: skip
    add("--bare", action="store_true", help="the base model without an adapter")
    add("--no-stress", action="store_true", help="without steering by the verse's stress")
    add("--visitors", type=int, default=4, metavar="N", help="verses asked for at once (4)")
    add("--out", type=Path, metavar="FILE", help="write requests and verses, a line each")
    add("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    if arguments.visitors < 1 or (arguments.limit or 1) < 1:
        parser.error("--visitors and --limit must be 1 or more.")
    from training_job.evaluated_model import ModelRefused  # brings torch

    try:
        requests = read_prompts(arguments.prompts)[: arguments.limit]
        model = arguments.model or fetch(cache_dir())
        settings = {"DEEP_HOP_STRESS": "0"} if arguments.no_stress else {}
        asked = (arguments.visitors, arguments.out, settings)
        scores = score(requests, model, _adapter(arguments), *asked)
    except (
        AdapterMissing, PromptsUnusable, ContainerFailed, DownloadFailed, ModelRefused
    ) as error:  # fmt: skip
        sys.exit(str(error))
    except RequestException as error:
        sys.exit(f"The container does not answer any more ({error}). See its log.")
    except OSError as error:
        sys.exit(f"{error.filename or 'A file'} cannot be used: {error.strerror}.")
    except KeyboardInterrupt:
        sys.exit(130)
    rounded = {name: None if n is None else round(n, 4) for name, n in scores.items()}
    print(json.dumps(rounded) if arguments.json else "\n".join(score_table(rounded)))


def _adapter(arguments: argparse.Namespace) -> Path | None:
    """The folder of the adapter that is asked for, or the one that belongs to the model.

    Raises AdapterMissing where the adapter that is asked for is none.
    """
    own: Path = arguments.adapter or arguments.model or SMALL_ADAPTER
    if arguments.bare:
        return None
    there = (own / "adapter").is_dir()
    if not there and (arguments.adapter or not arguments.model):
        raise AdapterMissing(
            f"{own} holds no adapter/ folder. Name the folder that does, or say --bare."
        )
    return own if there else None


def read_prompts(path: Path) -> list[VerseRequest]:
    """The requests of a file, or PromptsUnusable with every line that cannot be used."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise PromptsUnusable(f"{path} cannot be read: {error.strerror}. Name a file.") from error
    except UnicodeDecodeError as error:
        raise PromptsUnusable(f"{path} is no text. Name a file of JSON lines.") from error
    requests, problems = [], []
    for number, line in enumerate(lines, 1):
        try:
            requests += [VerseRequest.from_json(json.loads(line))] if line.strip() else []
        except RequestRefused as error:
            problems.append(f"{path}, line {number}: {error}")
        except (ValueError, RecursionError):
            problems.append(f"{path}, line {number}: this is no JSON. Give a verse request.")
    if problems or not requests:
        raise PromptsUnusable("\n".join(problems) or f"{path} holds no prompt.")
    return requests


if __name__ == "__main__":
    main()

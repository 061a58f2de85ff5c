"""Lessons for training from songs: python -m scripts.prepare_data --songs lyrics --out data

The folder has train.jsonl, valid.jsonl and test.jsonl (one lesson a line), held_out.jsonl (the
test verses), fingerprints (of the songs trained on), data.json (counts) and samples.html.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bars.sample_verses import sample_verses
from scripts.watching import watch
from training_job.account import lines
from training_job.in_order import WorkerLost
from training_job.lessons import Mix, MixWrong
from training_job.prepare import NothingToTeach, prepare, sample_songs
from training_job.prepare_settings import LANGUAGES, PrepareSettings, PrepareSettingsWrong
from training_job.prepared_folder import FolderRefused
from training_job.songs import Song, SongsUnreadable, read_songs

_MOST_WORKERS = 4  # by default; each needs some 250 MB


def main(argv: list[str] | None = None) -> None:
    arguments = _parser().parse_args(argv)
    if not (arguments.songs or arguments.sample):
        sys.exit("There are no songs. Give --songs PATH, or --sample for our own verses.")
    if arguments.workers < 1:
        sys.exit(f"--workers is {arguments.workers}; it must be 1 or more.")
    for path in arguments.songs:
        if arguments.out.resolve().is_relative_to(path.resolve()):
            sys.exit(f"{arguments.out} is among the songs of {path}. Name a folder outside it.")
    try:
        settings = PrepareSettings(
            seed=arguments.seed,
            mix=Mix.from_words(arguments.tasks) if arguments.tasks else Mix(),
            sounds=arguments.sounds,
            language=arguments.language,
            valid=arguments.valid,
            test=arguments.test,
        )
        told = prepare(_songs(arguments), arguments.out, settings, arguments.workers, watch)
    except (MixWrong, PrepareSettingsWrong, SongsUnreadable, FolderRefused, NothingToTeach,
            WorkerLost) as error:  # fmt: skip
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error.filename or arguments.out} cannot be used: {error.strerror}.")
    except KeyboardInterrupt:
        sys.exit(130)
    print(json.dumps(told, indent=2) if arguments.json else "\n".join(lines(told)))
    print(f"Wrote {arguments.out}; look at {arguments.out / 'samples.html'}.", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Make lessons for training from songs.")
    parser.add_argument("--songs", nargs="+", type=Path, default=[], metavar="PATH",
                        help="songs.jsonl, or a folder with it")  # fmt: skip
    parser.add_argument("--sample", action="store_true", help="our own verses, also without songs")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER",
                        help="where to write; an earlier such folder is replaced")  # fmt: skip
    parser.add_argument("--tasks", nargs="+", metavar="TASK", help="verse, rhyme-word-first, g2p, "
                        "p2g, rhyme, plan; with =0.5 only half of them (all, whole)")  # fmt: skip
    parser.add_argument("--sounds", type=int, default=5000, metavar="N",
                        help="lessons of each sound task (5000)")  # fmt: skip
    parser.add_argument("--language", choices=LANGUAGES, default="any",
                        help="clean leaves strong language out (any)")  # fmt: skip
    parser.add_argument("--valid", type=float, default=0.05, help="share held out (0.05)")
    parser.add_argument("--test", type=float, default=0.05, help="share held out (0.05)")
    parser.add_argument("--seed", type=int, default=1, help="decides every choice (1)")
    parser.add_argument("--workers", type=int, default=min(_MOST_WORKERS, os.cpu_count() or 1),
                        metavar="N", help="processes (%(default)s)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    return parser


def _songs(arguments: argparse.Namespace) -> Iterator[Song]:
    sample = sample_songs(sample_verses()) if arguments.sample else ()
    return chain(sample, read_songs(arguments.songs))


if __name__ == "__main__":
    main()

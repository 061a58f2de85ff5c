"""Feedback as JSON Lines: python -m scripts.export_feedback --out feedback.jsonl [--songs]"""

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.target import Refused, Target, add_target_arguments, run_on_target
from webapp.feedback import Feedback, FeedbackStore


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Write what visitors think of verses into a file, a JSON object a line. With "
        "--songs the verses with more thumbs up than down are written, as songs that prepare_data "
        "reads."
    )
    add_target_arguments(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=".jsonl")
    parser.add_argument("--songs", action="store_true", help="what prepare_data can learn from")
    run_on_target(export, parser.parse_args(argv))


def export(target: Target, arguments: argparse.Namespace) -> None:
    store = FeedbackStore(target.aws.table(f"{target.settings.prefix}-feedback"))
    words = sorted(store.all(), key=lambda each: (each.given, each.verse))
    lines = [json.dumps(each, ensure_ascii=False) for each in _lines(words, arguments.songs)]
    unfinished = arguments.out.with_name(arguments.out.name + ".unfinished")
    try:
        unfinished.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        os.replace(unfinished, arguments.out)
    except OSError as error:
        told = f"{arguments.out} cannot be written: {error.strerror}. Name a file in a folder."
        raise Refused(told) from error
    print(f"{len(lines)} line{'' if len(lines) == 1 else 's'} in {arguments.out}.")


def _lines(words: list[Feedback], songs: bool) -> Iterator[dict[str, Any]]:
    if not songs:
        yield from (each.to_json() for each in words)
        return
    thumbs = Counter[str]()
    for each in words:
        thumbs[each.verse] += 1 if each.thumb == "up" else -1
    liked = {each.verse: each for each in words if thumbs[each.verse] > 0}
    for verse, each in liked.items():
        title = each.request.get("topic") or "Freestyle"
        text = "\n".join(each.bars)
        yield {
            "artist": "visitors",
            "title": title,
            "text": text,
            "source": "feedback",
            "id": verse,
        }


if __name__ == "__main__":
    main()

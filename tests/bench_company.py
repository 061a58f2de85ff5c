"""Whether verses are the same alone and in company: python -m tests.bench_company [--json]

Each seed's verse is written alone, and again while others come and go beside it. On a processor
in float32 all should be the same to the letter; on CUDA the shape of a batch may change sums.
"""

import argparse
import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from bars.events import BarWritten, Event
from bars.verse import VerseRequest
from inference.engine import Engine
from inference.loading import load_writer
from inference.progress import Progress
from inference.settings import ServeSettings
from inference.work import Task
from inference.writer import Writer
from scripts.fetch_model import fetch
from scripts.model_container import laid_out
from scripts.target import SMALL_ADAPTER, cache_dir
from scripts.watching import watch

# what visitors ask for, in turn: schemes, lengths and openings differ, so that all are out of step
WISHES = (
    {"opening": ["I wrote my name in marker on the wall"], "bars": 3, "scheme": "AABB"},
    {"topic": "the last bus home", "bars": 2, "scheme": "AAAA", "syllables": 8},
    {"opening": ["My uncle sold umbrellas in the heat"], "bars": 2, "syllables": "free"},
    {"topic": "a power cut in winter", "bars": 2, "scheme": "AABB", "rhyme": "slant"},
)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Compare verses written alone and in company.")
    parser.add_argument("--model", type=Path, help="model directory (the small model)")
    parser.add_argument("--adapter", type=Path, help="folder of an adapter (the one in models/)")
    parser.add_argument("--seeds", type=int, default=100, help="verses (100)")
    parser.add_argument("--company", type=int, default=12, help="verses side by side (12)")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    for name in ("seeds", "company"):
        if (number := getattr(arguments, name)) < 1:
            parser.error(f"--{name} must be 1 or more (got {number}).")
    model = arguments.model or fetch(cache_dir())
    adapter = arguments.adapter or (None if arguments.model else SMALL_ADAPTER)
    with laid_out(model, adapter) as folder:
        writer = load_writer(ServeSettings(folder))
        told = compare(writer, arguments.seeds, arguments.company)
    print(json.dumps(told) if arguments.json else f"{told['same']} of {told['seeds']} are the same")


def compare(writer: Writer, seeds: int, company: int) -> dict[str, int]:
    """How many verses are the same to the letter, alone and among `company`."""
    requests = [
        VerseRequest.from_json({**WISHES[seed % len(WISHES)], "seed": seed})
        for seed in range(seeds)
    ]
    alone: list[list[Event]] = [[] for _ in requests]
    pairs = list(zip(requests, alone, strict=True))
    for request, told in watch(pairs, "Writing alone", len(pairs)):
        writer.engine.run(writer.write(request, "alone", told.append))
    beside: list[list[Event]] = [[] for _ in requests]
    crowd(
        writer.engine,
        [
            writer.write(request, "beside", told.append)
            for request, told in zip(requests, beside, strict=True)
        ],
        company,
    )
    same = sum(bars(one) == bars(other) for one, other in zip(alone, beside, strict=True))
    return {"seeds": seeds, "same": same}


def crowd(engine: Engine, tasks: Sequence[Task[object]], most: int) -> None:
    """Do all tasks, so many side by side: when one ends, the next joins the others."""
    waiting = iter(tasks)
    at_hand = dict[Task[object], Progress]()
    while True:
        for task in islice(waiting, most - len(at_hand)):
            at_hand[task] = engine.begin(next(task))
        if not at_hand:
            return
        engine.step([progress for progress in at_hand.values() if not progress.answered])
        for task, progress in list(at_hand.items()):
            try:
                if progress.answered:
                    at_hand[task] = engine.begin(task.send(progress.answer))
            except StopIteration:
                del at_hand[task]


def bars(told: Sequence[Event]) -> list[str]:
    return [event.text for event in told if isinstance(event, BarWritten)]


if __name__ == "__main__":
    main()

"""Reading verses without knowing whose they are: python -m scripts.blind_reading sheet|tally

`sheet` takes verses that were served (`score_verses --out`), has as many sampled freely by the
model and by its base for the same prompts, and writes all of them in one shuffled sheet, with a key
apart. Readers give each verse four marks, by the criteria at the head of the sheet. `tally` opens
the key.
"""

import argparse
import csv
import json
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from bars.verse import VerseRequest
from scripts.fetch_model import fetch
from scripts.target import SMALL_ADAPTER, cache_dir
from scripts.watching import watch

MARKS = ("sense", "flow", "rhyme", "cliche")
CRITERIA = """# Verses to be marked

Give every verse four marks from 1 to 5, as a line `number,sense,flow,rhyme,cliche` of a CSV file.

- sense: 5 every bar is a sentence or part of one, and they are about one thing; 3 bars make sense
  alone, not together; 1 no bar makes sense.
- flow: 5 the bars are of one length and could be rapped to one beat; 3 some stumble; 1 no two bars
  scan alike.
- rhyme: 5 a listener hears each rhyme at the ends of bars and no word rhymes with itself; 3 half of
  them; 1 none.
- cliche: 5 fresh, nothing said twice; 3 some stock phrases or repetition; 1 stock phrases or
  repetition only.
"""
MOST_BARS, FEWEST_BARS = 6, 4  # of a verse that is read
SEED = 1

Verse = tuple[str, Sequence[str]]  # its origin, its bars


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.blind_reading", description="Read verses, their origin unknown."
    )
    parts = parser.add_subparsers(dest="part", required=True)
    making = parts.add_parser("sheet", help="write sheet.md and key.json")
    making.add_argument("--verses", type=Path, required=True, help="from score_verses --out")
    making.add_argument("--count", type=int, default=40, help="verses of each origin (40)")
    making.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    making.add_argument("--model", type=Path, metavar="FOLDER", help="(the small model)")
    making.add_argument("--adapter", type=Path, default=SMALL_ADAPTER, metavar="FOLDER")
    telling = parts.add_parser("tally", help="what the marks say")
    telling.add_argument("--key", type=Path, required=True)
    telling.add_argument("marks", type=Path, nargs="+", help="a CSV file of each reader")
    arguments = parser.parse_args(argv)
    try:
        if arguments.part == "sheet":
            write_sheet(arguments)
        else:
            print("\n".join(tally(arguments.key, arguments.marks)))
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"This cannot be done: {error}.")


def write_sheet(arguments: argparse.Namespace) -> None:
    lines = arguments.verses.read_text(encoding="utf-8").splitlines()
    written = readable([json.loads(line) for line in lines], arguments.count)
    verses = [*written.values(), *_sampled(list(written), arguments)]
    random.Random(SEED).shuffle(verses)  # nosec B311  # an order, no secret
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "sheet.md").write_text(sheet(verses), encoding="utf-8")
    key = {number: origin for number, (origin, _) in enumerate(verses, 1)}
    (arguments.out / "key.json").write_text(json.dumps(key))
    print(f"{len(verses)} verses are in {arguments.out / 'sheet.md'}.")


def readable(served: Sequence[dict[str, Any]], count: int) -> dict[VerseRequest, Verse]:
    """Some of the verses, evenly taken: those that stand for themselves and rhyme."""
    found: dict[VerseRequest, Verse] = {}
    for each in served:
        request = VerseRequest.from_json(each["request"])
        plain = request.bars >= FEWEST_BARS and not request.keep and not request.alternatives
        if plain and request.scheme != "free":
            bars = [bar["text"] for bar in each["bars"]][:MOST_BARS]
            found[request] = ("written", bars)
    if len(found) < count:
        raise ValueError(f"{len(found)} verses can be read, not {count}")
    chosen = [list(found)[place * len(found) // count] for place in range(count)]
    return {request: found[request] for request in chosen}


def _sampled(requests: Sequence[VerseRequest], arguments: argparse.Namespace) -> list[Verse]:
    """Verses for the same prompts that obey nothing: the adapter's, then the base model's."""
    from scripts.verse_prices import Reader  # brings torch

    model = arguments.model or fetch(cache_dir())
    verses: list[Verse] = []
    for origin, adapter in (("sampled", arguments.adapter), ("bare", None)):
        found = Reader(model, adapter).sample(requests, watch)
        verses += [(origin, bars[:MOST_BARS]) for bars in found]
    return verses


def sheet(verses: Sequence[Verse]) -> str:
    told = [f"## {number}\n\n" + "  \n".join(bars) for number, (_, bars) in enumerate(verses, 1)]
    return "\n\n".join([CRITERIA, *told]) + "\n"


def tally(key_path: Path, files: Sequence[Path]) -> list[str]:
    """A line for each origin: means of all readers' marks, with standard errors over verses."""
    key = json.loads(key_path.read_text())
    given: dict[str, list[list[float]]] = defaultdict(list)  # by number: marks of each reader
    for path in files:
        for number, *marks in csv.reader(path.read_text(encoding="utf-8").splitlines()):
            if number.strip().isdecimal():
                given[number.strip()].append([_mark(path, number, mark) for mark in marks])
    if missing := sorted(set(key) - set(given), key=int):
        raise ValueError(f"verse {missing[0]} has no marks, nor have {len(missing) - 1} others")
    by_origin: dict[str, list[list[float]]] = defaultdict(list)
    for number, readers in given.items():
        by_origin[key[number]].append([fmean(column) for column in zip(*readers, strict=True)])
    lines = [f"{'':10}" + "".join(f"{name:>14}" for name in (*MARKS, "verses"))]
    for origin, rows in sorted(by_origin.items()):
        cells = [
            f"{fmean(column):.2f} ±{stdev(column) / len(column) ** 0.5:.2f}"
            for column in zip(*rows, strict=True)
        ]
        lines.append(f"{origin:10}" + "".join(f"{cell:>14}" for cell in [*cells, str(len(rows))]))
    return lines


def _mark(path: Path, number: str, text: str) -> float:
    if text.strip() in {"1", "2", "3", "4", "5"}:
        return float(text)
    raise ValueError(f"{path}, verse {number}: a mark is {text!r}, not a number from 1 to 5")


if __name__ == "__main__":
    main()

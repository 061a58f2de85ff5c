"""How fast the engine is: python -m tests.bench_engine [--json]

All on one model in one run, in turn: sixteen visitors beside transformers.generate, one by one and
as one batch; a verse beside raw greedy decoding; steps of 1 to 64 rows; verses of 1 to 16 bars and
openings of 1 to 4; visitors who come at random.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import torch

from bars.events import BarWritten, Failed, Token, VerseWritten
from bars.prompt import render_planned
from bars.verse import VerseRequest
from inference.desk import Desk
from inference.engine import Engine
from inference.loading import load_base, load_writer
from inference.seat import Job
from inference.settings import ServeSettings
from inference.work import Task, together
from inference.writer import Writer
from scripts.fetch_model import fetch
from scripts.model_container import laid_out
from scripts.target import SMALL_ADAPTER, cache_dir
from tests.growth_drawing import growth_drawing

VISITORS, NEW, PROMPT = 16, 32, 96  # rows, tokens that each writes, tokens that each reads
# what grows, and what it is told in
GROWTH = {
    "rows": "seconds a step, by rows",
    "bars": "seconds a verse, by written bars",
    "openings": "seconds for four bars, by bars of the opening",
}
OPENINGS = (
    "I wrote my name in marker on the wall",
    "The kettle learned my morning and my face",
    "We practised in the stairwell after dark",
    "My uncle sold umbrellas in the heat",
)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure the engine.")
    parser.add_argument("--model", type=Path, help="model directory (the small model)")
    parser.add_argument("--adapter", type=Path, help="folder of an adapter (the one in models/)")
    parser.add_argument("--turns", type=int, default=3, help="of each way, in turn (3)")
    parser.add_argument("--visitors", type=int, nargs="*", default=[1, 4, 16, 32],
                        help="who come at random (1 4 16 32)")  # fmt: skip
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw growth as SVG")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    model = arguments.model or fetch(cache_dir())
    adapter = arguments.adapter or (None if arguments.model else SMALL_ADAPTER)
    with laid_out(model, adapter) as folder:
        told = measure(folder, arguments.turns, arguments.visitors)
    if arguments.plot:
        arguments.plot.write_text(
            growth_drawing({what: told[name] for name, what in GROWTH.items()})
        )
    print(json.dumps(told, indent=2) if arguments.json else table(told))


def measure(folder: Path, turns: int, visitors: Sequence[int]) -> dict[str, Any]:
    settings = ServeSettings(folder)
    plain = load_base(settings.model_dir / "base", settings).eval()
    writer = load_writer(settings)
    return {
        "batch": beside_generate(plain, writer.engine, turns),
        "one": one_visitor(plain, writer, turns),
        "rows": {rows: step_seconds(writer.engine, rows, turns) for rows in (1, 4, 16, 32, 64)},
        "bars": {bars: verse_seconds(writer, 1, bars + 1, turns) for bars in (1, 2, 4, 8, 15)},
        "openings": {bars: verse_seconds(writer, bars, bars + 4, turns) for bars in (1, 2, 3, 4)},
        "arrivals": {count: arrivals(writer, settings, count) for count in visitors},
    }


def beside_generate(plain: Any, engine: Engine, turns: int) -> dict[str, Any]:
    """Tokens a second of sixteen visitors, with what they read before."""
    some = random.Random(1)
    limit = plain.config.vocab_size - 1
    prompts = [[some.randint(5, limit) for _ in range(PROMPT)] for _ in range(VISITORS)]

    def generate(batch: Sequence[Sequence[int]]) -> None:
        ids = torch.tensor(batch)
        with torch.inference_mode():
            plain.generate(
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=NEW, min_new_tokens=NEW,
                do_sample=False, pad_token_id=0,
            )  # fmt: skip

    ways = {
        "one_by_one": lambda: [generate([prompt]) for prompt in prompts],
        "static_batch": lambda: generate(prompts),
        "engine": lambda: engine.run(together([greedy(engine, prompt, NEW) for prompt in prompts])),
        "engine_branching": lambda: engine.run(
            together([branching(engine, prompt, NEW) for prompt in prompts])
        ),
    }
    seconds = in_turn(ways, turns)
    paces = {name: round(VISITORS * NEW / each, 1) for name, each in seconds.items()}
    ratios = {
        f"{ours}_to_{other}": round(seconds[other] / seconds[ours], 2)
        for ours in ("engine", "engine_branching") for other in ("one_by_one", "static_batch")
    }  # fmt: skip
    return {"tokens_per_second": paces, **ratios}


def greedy(engine: Engine, prompt: Sequence[int], tokens: int) -> Task[None]:
    """One row that reads a prompt and writes the likeliest tokens."""
    context = yield from engine.read(prompt)
    for _ in range(tokens):
        context = yield from engine.read([int(context.logits.argmax())], context)


def branching(engine: Engine, prompt: Sequence[int], tokens: int) -> Task[None]:
    """The same as a candidate of a bar, which leaves what it goes on from as it is."""
    rows = engine.rows((yield from engine.read(prompt)), 1)
    for _ in range(tokens):
        yield from engine.append(rows, [int(rows.logits[0].argmax())])


def in_turn(ways: dict[str, Callable[[], object]], turns: int) -> dict[str, float]:
    """The median seconds of each way, after a warm-up."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(turns + 1):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            if turn:
                taken[name].append(time.perf_counter() - began)
    return {name: median(each) for name, each in taken.items()}


def one_visitor(plain: Any, writer: Writer, turns: int) -> dict[str, Any]:
    """A verse of four written bars beside raw greedy decoding: tokens, and the first word."""
    engine = writer.engine
    request = VerseRequest(opening=OPENINGS[:1], bars=5)
    prompt = engine.encode(render_planned(request, OPENINGS[:1], words=True))

    def prefill() -> None:
        with torch.inference_mode():
            plain(input_ids=torch.tensor([prompt]))

    def steps() -> None:
        ids = torch.tensor([prompt])
        with torch.inference_mode():
            plain.generate(
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=16, min_new_tokens=16,
                do_sample=False, pad_token_id=0,
            )  # fmt: skip

    raw = in_turn({"prefill": prefill, "steps": steps}, turns)
    a_step = (raw["steps"] - raw["prefill"]) / 15
    firsts, paces = [], []
    for turn in range(turns):
        times = _write(writer, replace(request, seed=turn))
        accepted = sum(len(engine.encode(f"{bar}\n")) for bar in times["bars"])
        paces.append(accepted / times["seconds"])
        firsts.append(times["first"])
    return {
        "raw_steps_per_second": round(1 / a_step, 1),
        "accepted_tokens_per_second": round(median(paces), 1),
        "accepted_to_raw": round(median(paces) * a_step, 3),
        "first_word_seconds": round(median(firsts), 2),
        "first_word_to_prefill_and_4_steps": round(
            median(firsts) / (raw["prefill"] + 4 * a_step), 2
        ),
    }


def _write(writer: Writer, request: VerseRequest) -> dict[str, Any]:
    """A verse alone: its written bars, seconds in all and to the first previewed word."""
    began, bars = time.perf_counter(), list[str]()
    first: list[float] = []

    def tell(event: object) -> None:
        if isinstance(event, Token) and not first:
            first.append(time.perf_counter() - began)
        if isinstance(event, BarWritten) and event.attempts:
            bars.append(event.text)

    writer.engine.run(writer.write(request, "bench", tell))
    seconds = time.perf_counter() - began
    return {"bars": bars, "seconds": seconds, "first": (first or [seconds])[0]}


def step_seconds(engine: Engine, rows: int, turns: int) -> float:
    """Of one step, after a context of usual length."""
    context = engine.run(engine.read(list(range(5, 5 + PROMPT))))
    taken = []
    for _ in range(turns):
        candidates = engine.rows(context, rows)
        for step in range(6):
            began = time.perf_counter()
            engine.run(engine.append(candidates, [step + 5] * rows))
            taken.append(time.perf_counter() - began)
    return round(median(taken), 4)


def verse_seconds(writer: Writer, opening: int, bars: int, turns: int) -> float:
    """Of a verse with so many bars, of which the first are given."""
    request = VerseRequest(opening=OPENINGS[:opening], bars=bars)
    taken = [_write(writer, replace(request, seed=turn))["seconds"] for turn in range(turns)]
    return round(median(taken), 2)


def steepest(seconds: dict[int, float]) -> float:
    """The fastest growth from a size to the next: 1 is linear, less is better."""
    steps = pairwise(seconds.items())
    return round(max((t / s) / (n / m) for (m, s), (n, t) in steps), 2)


def arrivals(writer: Writer, settings: ServeSettings, count: int) -> dict[str, float]:
    """Visitors who come at random within ten seconds, each for a verse of four bars."""
    return asyncio.run(_arrivals(writer, settings, count))


async def _arrivals(writer: Writer, settings: ServeSettings, count: int) -> dict[str, float]:
    desk = Desk(writer, writer.engine, count, count, settings.grace)
    some = random.Random(count)
    firsts: list[float] = []
    gaps: list[float] = []

    async def visit(number: int) -> None:
        await asyncio.sleep(some.uniform(0, 10) if count > 1 else 0)
        opening = OPENINGS[number % len(OPENINGS)]
        job = desk.submit(VerseRequest(opening=(opening,), bars=4, seed=number))
        await _listen(job, firsts, gaps)

    await asyncio.gather(*(visit(number) for number in range(count)))
    return {
        "first_p50": _percentile(firsts, 0.5), "first_p95": _percentile(firsts, 0.95),
        "between_p50": _percentile(gaps, 0.5), "between_p95": _percentile(gaps, 0.95),
    }  # fmt: skip


async def _listen(job: Job, firsts: list[float], gaps: list[float]) -> None:
    """Note the seconds to the first word or bar, and between all of them."""
    began = last = time.perf_counter()
    seen = False
    while True:
        event = await job.events.get()
        written = isinstance(event, BarWritten) and event.attempts
        if isinstance(event, Token) or written:
            now = time.perf_counter()
            (gaps if seen else firsts).append(now - (last if seen else began))
            seen, last = True, now
        if isinstance(event, VerseWritten | Failed):
            return


def _percentile(numbers: Sequence[float], share: float) -> float:
    ordered = sorted(numbers)
    return round(ordered[round(share * (len(ordered) - 1))], 2) if ordered else 0.0


def table(told: dict[str, Any]) -> str:
    lines = [
        f"{VISITORS} visitors, {PROMPT} tokens read and {NEW} written by each; tokens a second:"
    ]
    lines += [f"  {name:24}{pace:>9}" for name, pace in told["batch"]["tokens_per_second"].items()]
    ratios = {name: value for name, value in told["batch"].items() if "_to_" in name}
    lines += [f"  {name:36}{value:>9}" for name, value in ratios.items()]
    lines.append("one visitor:")
    lines += [f"  {name:36}{value:>9}" for name, value in told["one"].items()]
    for name, what in GROWTH.items():
        lines.append(f"{what} (steepest {steepest(told[name])}; 1 is linear):")
        lines += [f"  {size:>4}{value:>12}" for size, value in told[name].items()]
    lines.append(
        "visitors at random: seconds to the first word (p50, p95), between words (p50, p95)"
    )
    lines += [
        f"  {count:>4}" + "".join(f"{value:>9}" for value in figures.values())
        for count, figures in told["arrivals"].items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

"""From prompts to scores: verses from a container, counted, and priced by the model itself."""

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bars.verse import VerseRequest
from scripts.model_container import Container, running_container
from scripts.verse_measures import ServedVerse, measure
from scripts.watching import watch
from training_job.quiet import quieten

Scores = dict[str, float | None]


def score(
    requests: Sequence[VerseRequest],
    model: Path,
    adapter: Path | None,
    visitors: int,
    out: Path | None,
    settings: Mapping[str, str],
) -> Scores:
    """Have every request written, `visitors` at once, and measure the verses; `settings` are the
    container's.

    Raises ContainerFailed, or ModelRefused before anything is written.
    """
    from training_job.evaluated_model import ModelFolder

    ModelFolder.find(model, adapter, bare=adapter is None)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
    own = {"DEEP_HOP_WAITING": str(visitors), "DEEP_HOP_DEADLINE": "480", **settings}
    with running_container(model, adapter, own) as container:
        verses = written(container, requests, visitors, out)
        share = constraint_share(container.metrics())
    return {**measure(verses), **price(verses, model, adapter), "constraint_share": share}


def written(
    container: Container, requests: Sequence[VerseRequest], visitors: int, out: Path | None
) -> list[ServedVerse]:
    """Every verse, in order; `out` gets a line for each as it comes, and its name at the end."""
    unfinished = out and out.with_name(out.name + ".unfinished")
    if out and unfinished:
        unfinished.write_text("")
    verses = []
    with ThreadPoolExecutor(visitors) as pool:
        answers = pool.map(container.write, requests)
        for request, events in zip(requests, watch(answers, "Writing", len(requests)), strict=True):
            verses.append(_served(request, events))
            if unfinished:
                with unfinished.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(_line(request, events), ensure_ascii=False) + "\n")
    if out and unfinished:
        os.replace(unfinished, out)
    return verses


def _served(request: VerseRequest, events: Sequence[dict[str, Any]]) -> ServedVerse:
    texts: dict[int, str] = {}
    for event in events:
        if event["event"] == "bar":
            texts.setdefault(event["index"], event["text"])  # of alternatives the first stands
    bars = tuple(texts.values())
    ends = (event["tokens"] for event in events if event["event"] == "verse")
    return ServedVerse(request, bars, next(ends, 0))


def _line(request: VerseRequest, events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A verse as it is kept; `error` stands there where it could not be finished."""
    kept = {event["event"]: event for event in events if event["event"] in _KEPT}
    bars = [event for event in events if event["event"] == "bar"]
    return {"request": request.to_json(), "bars": bars, **kept}


_KEPT = ("start", "verse", "error")


def constraint_share(metrics: dict[str, float]) -> float | None:
    """The share of the time of writing in which the model did not compute."""
    writing = metrics.get("deep_hop_writing_seconds_total", 0.0)
    model = metrics.get("deep_hop_model_seconds_total", 0.0)
    return 1 - model / writing if writing else None


def price(verses: Sequence[ServedVerse], model: Path, adapter: Path | None) -> Scores:
    """Fluency and fit of endings, beside free samples, under the model and under its base."""
    quieten()
    from scripts.verse_prices import Reader

    requests = [verse.request for verse in verses]
    reader = Reader(model, adapter)
    texts: dict[str, Sequence[Sequence[str]]] = {
        "": [verse.bars for verse in verses],
        "_free": reader.sample(requests, watch),
    }
    readers = {"": reader, "_bare": Reader(model, None)} if adapter else {"": reader}
    scores: Scores = {}
    for by, reads in readers.items():
        for of, bars in texts.items():
            pairs = watch(zip(requests, bars, strict=True), "Reading", len(requests))
            for name, value in reads.fluency(pairs).items():
                scores[f"{name}{of}{by}"] = value
    return scores

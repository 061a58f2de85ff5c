"""How fast the training loop is: python -m tests.bench_training --data FOLDER [--json]

Two ratios, each of runs that take turns in one process on the same model:
- our loop against a bare loop of transformers and PEFT on the same packed rows (asked: 0.97)
- lesson tokens a second, packed against padded to the longest of a batch (asked: 1.5)
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import torch

from scripts.target import SMALL_MODEL, cache_dir
from training_job.base_model import load_base, load_tokenizer, with_adapter
from training_job.checkpoint import CheckpointStore
from training_job.directories import Directories
from training_job.interruption import Interruption
from training_job.lesson_tokens import IGNORED, LessonTokens, encode_lessons, read_lessons
from training_job.packing import PackedRows, pack, plan_lessons
from training_job.settings import TrainSettings
from training_job.train import make_trainer

SHARES = {"rhyme word first": 0.5, "rhyme": 0.2, "g2p": 0.15, "p2g": 0.15}
Batch = dict[str, torch.Tensor]


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure the training loop.")
    parser.add_argument("--data", type=Path, required=True, help="what scripts.prepare_data wrote")
    parser.add_argument("--base", type=Path, default=cache_dir() / SMALL_MODEL / "base")
    parser.add_argument("--rows", type=int, default=4, help="packed rows in a run (4)")
    parser.add_argument("--row-tokens", type=int, default=512, help="tokens in a row (512)")
    parser.add_argument("--turns", type=int, default=5, help="runs of each, in turn (5)")
    parser.add_argument("--out", type=Path, default=Path("/tmp/bench-training"))
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    told = measure(arguments)
    print(json.dumps(told, indent=2) if arguments.json else _table(told))


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    settings = TrainSettings(
        base_model=str(arguments.base), quantization="none", rank=8, dropout=0.0, rows=1,
        accumulation=1, row_tokens=arguments.row_tokens, gradient_checkpointing=False,
        save_seconds=86_400,
    )  # fmt: skip
    tokenizer = load_tokenizer(arguments.base)
    lessons = encode_lessons(read_lessons(arguments.data / "train.jsonl"), tokenizer)
    tokens = arguments.rows * arguments.row_tokens
    planned = plan_lessons(lessons, SHARES, 3 * tokens, 1.0, seed=1)
    lengths = [lessons.length(i) for i in range(len(lessons))]
    packed = pack(planned, lengths, arguments.row_tokens, seed=1)[: arguments.rows]
    rows = PackedRows(lessons, packed, arguments.row_tokens)
    model = with_adapter(load_base(arguments.base, settings), settings)
    ways = {
        "ours": lambda: _ours(model, rows, settings, arguments.out),
        "bare": lambda: _bare(model, (_whole(rows[i]) for i in range(len(rows)))),
        "padded": lambda: _bare(model, _padded(lessons, planned, tokens, arguments.row_tokens)),
    }
    for run in ways.values():  # a warm-up of each
        run()
    paces: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(arguments.turns):
        for name, run in ways.items():
            count, seconds = run()
            paces[name].append(count / seconds)
    return {
        "tokens_per_second": {name: round(median(each), 1) for name, each in paces.items()},
        "ours_to_bare": _ratio(paces["ours"], paces["bare"]),
        "packed_to_padded": _ratio(paces["bare"], paces["padded"]),
        "filled": round(rows.filled(), 4),
    }


def _ours(model: Any, rows: PackedRows, settings: TrainSettings, out: Path) -> tuple[int, float]:
    """Lesson tokens and seconds of our loop, from its first batch to its end."""
    directories = Directories(out)
    store = CheckpointStore(directories.checkpoints, {}, keep=2)
    trainer = make_trainer(model, rows, rows, store, settings, directories, Interruption(), 1)
    began = time.perf_counter()
    trainer.train()
    return _tokens(rows), time.perf_counter() - began


def _bare(model: Any, batches: Iterator[tuple[Batch, int]]) -> tuple[int, float]:
    """Lesson tokens and seconds of the least that a training loop can do."""
    model.train()
    weights = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=2e-4)
    count, began = 0, time.perf_counter()
    for batch, tokens in batches:
        model(**batch, use_cache=False).loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        count += tokens
    return count, time.perf_counter() - began


def _whole(row: Batch) -> tuple[Batch, int]:
    """A packed row as a bare loop reads it: the model itself moves the labels by one."""
    labels = torch.full_like(row["labels"], IGNORED)
    labels[1:] = row["labels"][:-1]
    batch = {**row, "labels": labels}
    used = int((row["position_ids"] == 0).nonzero()[-1]) or len(labels)
    return {name: value[None] for name, value in batch.items()}, used


def _padded(
    lessons: LessonTokens, planned: Sequence[int], tokens: int, batch_tokens: int
) -> Iterator[tuple[Batch, int]]:
    """The same lessons in their order, padded to the longest of a batch of like size."""
    done, waiting = 0, list(planned)
    while done < tokens and waiting:
        chosen: list[int] = []
        while waiting:
            longest = max(lessons.length(i) for i in (*chosen, waiting[0]))
            if chosen and longest * (len(chosen) + 1) > batch_tokens:
                break
            chosen.append(waiting.pop(0))
        used = sum(lessons.length(i) for i in chosen)
        done += used
        yield _pad([lessons.lesson(i) for i in chosen]), used


def _pad(lessons: Sequence[tuple[Any, Any]]) -> Batch:
    longest = max(len(tokens) for tokens, _ in lessons)
    ids = torch.zeros(len(lessons), longest, dtype=torch.long)
    labels = torch.full_like(ids, IGNORED)
    mask = torch.zeros_like(ids)
    for row, (tokens, learned) in enumerate(lessons):
        ids[row, : len(tokens)] = torch.tensor(tokens, dtype=torch.long)
        labels[row, : len(tokens)] = torch.where(
            torch.tensor(learned), ids[row, : len(tokens)], IGNORED
        )
        mask[row, : len(tokens)] = 1
    return {"input_ids": ids, "labels": labels, "attention_mask": mask}


def _tokens(rows: PackedRows) -> int:
    return sum(_whole(rows[i])[1] for i in range(len(rows)))


def _ratio(ones: Sequence[float], others: Sequence[float]) -> dict[str, float]:
    """Pair by pair, so that a machine that drifts does not count."""
    ratios = sorted(one / other for one, other in zip(ones, others, strict=True))
    return {"median": round(median(ratios), 3), "low": round(ratios[0], 3),
            "high": round(ratios[-1], 3)}  # fmt: skip


def _table(told: dict[str, Any]) -> str:
    paces = ", ".join(f"{name} {pace}" for name, pace in told["tokens_per_second"].items())
    lines = [f"lesson tokens a second: {paces}; rows {told['filled']:.1%} filled"]
    for name in ("ours_to_bare", "packed_to_padded"):
        each = told[name]
        lines.append(f"{name}: {each['median']} ({each['low']} to {each['high']})")
    return "\n".join(lines)


if __name__ == "__main__":
    main()

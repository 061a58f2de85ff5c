"""The loss on each lesson of a file, to be told by task."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from training_job.lesson_tokens import IGNORED, LessonTokens
from training_job.packing import PackedRows, pack

ROW_TOKENS = 512
Loss = tuple[float, int]  # nats in all, and the learned tokens that they are over
Watch = Callable[[Iterable[Any], str, int], Iterable[Any]]


def lesson_losses(model: Any, lessons: LessonTokens, watch: Watch) -> list[Loss]:
    """The cross-entropy of every lesson, each read apart from the others, as in training."""
    lengths = [lessons.length(i) for i in range(len(lessons))]
    size = max(ROW_TOKENS, *lengths)
    packed = PackedRows(lessons, pack(range(len(lessons)), lengths, size, seed=0), size)
    losses: list[Loss] = [(0.0, 0)] * len(lessons)
    for index in watch(range(len(packed)), "Reading", len(packed)):
        nats, counts = _row_losses(model, packed[index], len(packed.rows[index]))
        for place, lesson in enumerate(packed.rows[index]):
            losses[lesson] = (float(nats[place]), int(counts[place]))
    return losses


def _row_losses(
    model: Any, row: dict[str, torch.Tensor], lessons: int
) -> tuple[np.ndarray, np.ndarray]:
    """Nats and learned tokens of each lesson of a row of [tokens]."""
    device = next(model.parameters()).device
    row = {name: values.to(device) for name, values in row.items()}
    learned = (row["labels"] != IGNORED).nonzero()[:, 0]
    with torch.inference_mode():
        logits = model(
            input_ids=row["input_ids"][None],
            position_ids=row["position_ids"][None],
            use_cache=False,
            logits_to_keep=learned,
        ).logits[0]
        nats = cross_entropy(logits.float(), row["labels"][learned], reduction="none")
    numbers = ((row["position_ids"] == 0).cumsum(0) - 1)[learned].cpu().numpy()
    by_lesson = np.bincount(numbers, nats.cpu().numpy(), minlength=lessons)
    return by_lesson, np.bincount(numbers, minlength=lessons)

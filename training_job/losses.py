"""The loss of a model on lessons that it does not learn from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from training_job.lesson_tokens import IGNORED, LessonTokens
from training_job.packing import PackedRows, pack
from training_job.trainer import summed_loss

MOST_ROWS = 64  # of the held-out lessons, read at the end
ROWS_ON_THE_WAY = 8  # and while training


def packed_for_reading(lessons: LessonTokens, chosen: Sequence[int], size: int) -> PackedRows:
    """Some lessons as rows, mixed, in an order that is always the same."""
    mixed = np.random.default_rng(0).permutation(np.asarray(chosen, np.int64)).tolist()
    lengths = [lessons.length(i) for i in range(len(lessons))]
    return PackedRows(lessons, pack(mixed, lengths, size, seed=0), size)


def mean_loss(model: Any, rows: PackedRows, most: int = MOST_ROWS) -> float:
    """Mean cross-entropy in nats over the learned tokens of at most `most` rows."""
    was_training, total, count = model.training, 0.0, 0
    device = next(model.parameters()).device
    model.eval()
    with torch.inference_mode():
        for index in range(min(len(rows), most)):
            batch = {name: value[None].to(device) for name, value in rows[index].items()}
            total += float(summed_loss(model, batch))
            count += int((batch["labels"] != IGNORED).sum())
    model.train(was_training)
    return total / max(1, count)

"""What an evaluation leaves in a folder, and what it finds there of the training."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from training_job.evaluation_page import evaluation_page

EVALUATION, PAGE = "evaluation.json", "evaluation.html"
METRICS = "metrics.jsonl"


def write_evaluation(
    folder: Path, answer: Mapping[str, Any], history: list[dict[str, Any]]
) -> tuple[Path, Path]:
    """Write evaluation.json and evaluation.html, each under a temporary name first."""
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps(answer, ensure_ascii=False) + "\n"
    page = evaluation_page(answer, history)
    return _written(folder / EVALUATION, told), _written(folder / PAGE, page)


def _written(path: Path, text: str) -> Path:
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, path)
    return path


def training_history(folders: Iterable[Path]) -> list[dict[str, Any]]:
    """The first metrics.jsonl that lies in one of the folders; empty without one."""
    for folder in folders:
        try:
            lines = (folder / METRICS).read_text(encoding="utf-8").splitlines()
            return [dict(json.loads(line)) for line in lines]
        except (OSError, ValueError, TypeError):
            continue
    return []

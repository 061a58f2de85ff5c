"""How well an adapter rhymes: python -m scripts.evaluate_adapter --model FOLDER --data FOLDER

Held-out lessons are read, words are asked for, verses are written without any constraint. The
JSON is described in training_job/evaluate.py.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.evaluating import faults, parser
from scripts.watching import watch
from training_job.comparison import ComparisonRefused, compare, read_evaluation
from training_job.evaluation_files import training_history, write_evaluation
from training_job.evaluation_text import comparison_table, evaluation_table
from training_job.figures import Way, main_figures
from training_job.quiet import quieten
from training_job.thresholds import ThresholdsWrong, read_thresholds
from training_job.verse_prompts import PromptsUnusable, openings_of, our_openings

if TYPE_CHECKING:
    from training_job.evaluated_model import ModelFolder


def main(argv: list[str] | None = None) -> None:
    arguments = (commands := parser()).parse_args(argv)
    try:
        missed = _compare(arguments) if arguments.compare else _evaluate(commands, arguments)
    except (ComparisonRefused, PromptsUnusable, ThresholdsWrong) as error:
        commands.error(str(error))
    except OSError as error:
        commands.error(f"{error.filename or 'A file'} cannot be used: {error.strerror}.")
    except KeyboardInterrupt:
        sys.exit(130)
    for each in missed:
        value = "was not measured" if each["value"] is None else f"is {each['value']:g}"
        print(f"Missed {each['threshold']}: it {value}.", file=sys.stderr)
    sys.exit(1 if missed else 0)


def _compare(arguments: argparse.Namespace) -> Sequence[Mapping[str, Any]]:
    lines = compare(*map(read_evaluation, arguments.compare))
    print(json.dumps(lines, indent=2) if arguments.json else "\n".join(comparison_table(lines)))
    return ()


def _evaluate(
    commands: argparse.ArgumentParser, arguments: argparse.Namespace
) -> Sequence[Mapping[str, Any]]:
    """Measure, print and write; gives the thresholds that were missed."""
    if wrong := faults(arguments):
        commands.error(" ".join(wrong))
    if arguments.out:
        arguments.out.mkdir(parents=True, exist_ok=True)  # fails before the work if it must
    thresholds = read_thresholds(arguments.thresholds)
    openings = list(openings_of(arguments.openings) if arguments.openings else our_openings())
    quieten()
    from training_job.evaluate import Wishes, evaluate
    from training_job.evaluated_model import ModelFolder, ModelRefused
    from training_job.evaluation_data import DataRefused, EvaluationData

    names = ("seed", "verses", "samples", "lessons", "threads")
    given = {name: getattr(arguments, name) for name in names}
    wishes = Wishes(**given, ways=tuple(map(Way, arguments.ways)))
    try:
        folder = ModelFolder.find(arguments.model, arguments.adapter, arguments.bare)
        data = EvaluationData.find(arguments.data)
        answer = evaluate(folder, data, openings, wishes, watch)
        answer["thresholds"] = [each.judge(answer["groups"]) for each in thresholds]
        _tell(arguments, folder, answer)
    except (ModelRefused, DataRefused) as error:
        commands.error(str(error))
    return [each for each in answer["thresholds"] if not each["kept"]]


def _tell(arguments: argparse.Namespace, folder: "ModelFolder", answer: dict[str, Any]) -> None:
    print(json.dumps(answer) if arguments.json else "\n".join(evaluation_table(answer)))
    written: list[Path] = []
    if arguments.out:
        beside = (folder.run_folder, folder.run_folder.parent / "output" / "data", arguments.out)
        written += write_evaluation(arguments.out, answer, training_history(beside))
    if arguments.record:
        written.append(folder.record(main_figures(answer["groups"])))
    for path in written:
        print(f"Wrote {path}.", file=sys.stderr)


if __name__ == "__main__":
    main()

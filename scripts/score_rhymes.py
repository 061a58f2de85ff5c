"""How well rhymes are found in marked verse: python -m scripts.score_rhymes FILE... --json

Files are in the format of the Chicago Rhyming Poetry Corpus.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bars.gold import COUNTED, GoldUnreadable, mean_of, read_gold, score_gold


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Score the rhyme detector on marked verse.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file in gold format")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.add_argument("--deals", type=int, default=20, help="deals for the chance level (20)")
    arguments = parser.parse_args(argv)
    bar = tqdm(arguments.paths, unit="file", leave=False, disable=not sys.stderr.isatty())
    files = [{"path": str(path), **_scored(path, max(0, arguments.deals))} for path in bar]
    counted = [str(kind) for kind in COUNTED]
    answer = {"files": files, "mean": mean_of(files), "any_counts": counted}
    print(json.dumps(answer, indent=2) if arguments.json else _table(answer))


def _scored(path: Path, deals: int) -> dict[str, Any]:
    try:
        stanzas, skipped = read_gold(path.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        sys.exit(f"{path} cannot be read: {error.strerror}. Give a file in the gold format.")
    except GoldUnreadable as error:
        sys.exit(f"{path} is not in the gold format. {error}")
    return score_gold(stanzas, skipped, deals).to_json()


def _table(answer: dict[str, Any]) -> str:
    lines = ["file                 pairs     P     R    F1 exact  stanza F1 exact  chance  lines/s"]
    for file in answer["files"]:
        heard, stanza = file["any"], file["stanza"]
        numbers = (heard["precision"], heard["recall"], heard["f1"], file["exact"])
        lines.append(
            f"{Path(file['path']).name[:20]:20} {file['pairs']:5} {_row(numbers)}"
            f"      {_row((stanza['f1'], stanza['exact']))}   {_row((file['chance'],))}"
            f"  {file['lines_per_second']:7}"
        )
        lines += [
            f"  {kind:10} {_row((each['share'],))} of the calls, precision"
            f" {_row((each['precision'],))}"
            for kind, each in file["kinds"].items()
        ]
    mean = answer["mean"]
    lines.append(
        f"Mean: F1 {_row((mean['f1'],))}, exact {_row((mean['exact'],))}; stanza as a whole: "
        f"F1 {_row((mean['stanza_f1'],))}, exact {_row((mean['stanza_exact'],))}; "
        f"strong kinds alone: precision {_row((mean['strong_precision'],))}; "
        f"chance F1 {_row((mean['chance'],))}."
    )
    lines.append("Kinds that count: " + ", ".join(answer["any_counts"]) + ".")
    return "\n".join(lines)


def _row(numbers: tuple[float | None, ...]) -> str:
    return " ".join("    -" if number is None else f"{number:5.3f}" for number in numbers)


if __name__ == "__main__":
    main()

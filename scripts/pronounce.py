"""How a text is spoken: python -m scripts.pronounce "24/7 in the trap, finna skrrt" """

import argparse
import json
import sys

from bars.pronunciation import Heard, hear
from bars.spoken import tokens_of


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Tell how each word of a text is spoken.")
    parser.add_argument("text", nargs="+", help="words; - reads standard input")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    text = sys.stdin.read() if arguments.text == ["-"] else " ".join(arguments.text)
    tokens = [(token.text, [hear(word) for word in token.words]) for token in tokens_of(text)]
    if not tokens:
        sys.exit("There is no word in Latin script to pronounce. Give words, numbers or initials.")
    if arguments.json:
        found = [{"text": text, "words": list(map(_to_json, words))} for text, words in tokens]
        print(json.dumps(found, indent=2))
        return
    for text, words in tokens:
        for heard in words:
            said = " | ".join(map(" ".join, heard.pronunciations)) or "(syllables only)"
            low, high = heard.syllables
            count = str(low) if low == high else f"{low}-{high}"
            source = f"[{heard.source}, {heard.sureness:.2f}]"
            print(f"{text:16} {heard.word:16} {count:>3}  {said}  {source}")


def _to_json(heard: Heard) -> dict[str, object]:
    return {
        "word": heard.word,
        "pronunciations": [" ".join(p) for p in heard.pronunciations],
        "syllables": list(heard.syllables),
        "source": heard.source,
        "sureness": heard.sureness,
    }


if __name__ == "__main__":
    main()

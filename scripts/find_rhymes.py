"""Words that rhyme: python -m scripts.find_rhymes orange --syllables 2"""

import argparse
import json
import sys

from bars.rhyme_index import RhymingWord, find_rhymes
from bars.text import words_of


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Find words that rhyme, the commonest first.")
    parser.add_argument("word", help="a word, or the end of a bar")
    parser.add_argument("--syllables", type=int, help="only words of so many syllables")
    parser.add_argument("--stress", help="only words whose stress ends so, such as 10 or 01")
    parser.add_argument("--clean", action="store_true", help="no strong language")
    parser.add_argument("--perfect", action="store_true", help="no near-rhymes")
    parser.add_argument("--limit", type=int, default=50, help="at most so many words (50)")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    if arguments.stress and not set(arguments.stress) <= set("012"):
        sys.exit(f"The stress {arguments.stress!r} must have the digits 0 and 1, such as 10.")
    if arguments.limit < 1:
        sys.exit(f"The limit is {arguments.limit}; it must be 1 or more.")
    words = words_of(arguments.word)
    if not words:
        sys.exit(f"There is no word in Latin script in {arguments.word!r}. Give an English word.")
    found = find_rhymes(
        words[-1],
        arguments.syllables,
        arguments.stress,
        clean=arguments.clean,
        near=not arguments.perfect,
        limit=arguments.limit,
    )
    if arguments.json:
        print(json.dumps([_to_json(each) for each in found], indent=2))
    elif not found:
        print(f"Nothing rhymes with {words[-1]}. Try without filters, or another word.")
    for each in [] if arguments.json else found:
        nearness = "perfect" if not each.distance else f"near, {each.distance:.1f} away"
        print(f"{each.word:20} {each.stress:8} {each.zipf:3.1f}  {nearness}")


def _to_json(each: RhymingWord) -> dict[str, object]:
    return {
        "word": each.word,
        "syllables": each.syllables,
        "stress": each.stress,
        "zipf": each.zipf,
        "distance": each.distance,
    }


if __name__ == "__main__":
    main()

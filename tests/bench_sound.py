"""Figures of the sound library on this machine: make bench-sound

Speed side by side with `pronouncing` (which `make` installs: a tool, no part of any image),
false alarms on random pairs, and what import costs. RHYME_GOLD may name a folder with marked
poems: unrelated line ends are then drawn from them, else from common words.
"""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from bars.dictionary import commonness, listed_words, look_up, look_up_slang, slang_words
from bars.ending import part_of
from bars.gold import Counts, pairs_of, read_gold
from bars.meter import syllables
from bars.phonemes import syllable_count
from bars.pronunciation import hear
from bars.rhyme import rhyme
from bars.rhyme_index import find_rhymes, warm_up
from bars.rhyme_rules import RhymeKind
from bars.rhyme_scheme import STRONG_EVIDENCE, evidence, rhymes_here
from bars.verse_sound import hear_stanza

PAIRS = 100_000
DATA = Path(__file__).parent / "data"
RHYMING = {"perfect", "identical", "homophone", "slant", "mosaic", "multi", "promoted"}
COST = (
    "import resource, time; began = time.perf_counter(); import bars.verse_sound;"
    "seconds = time.perf_counter() - began; bars.verse_sound.hear_stanza(['a plan', 'a man']);"
    "print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)

WITHOUT = """
import json, sys
from bars import dictionary
dictionary._lexicon = dict
from bars.prediction import predictor
from bars.phonemes import syllable_count
from bars.pronunciation import hear
first = lambda word: " ".join((hear(word).pronunciations or [()])[0])
letters = lambda word: "".join(c for c in word if c.isalpha())
guess = lambda word: " ".join(predictor().predict(letters(word)))
print(json.dumps({word: [first(word), guess(word)] for word in sys.argv[1:]}))
"""


def main():
    draw = random.Random(0)
    common = [word for word in listed_words() if commonness(word) >= 4 and word.isalpha()]
    report = {
        "import": import_cost(),
        "pairs_per_second": speed([tuple(draw.choices(common, k=2)) for _ in range(PAIRS)]),
        "verse_of_16_ms": verse_time(),
        "rhyme_class_ms": class_time(draw.sample(common, 1000)),
        "false_alarms": false_alarms(*unrelated(draw, common)),
        "lexicon_words_heard_without_it": without_lexicon(),
        "inflections_of_its_words": inflections(),
        "rap_pairs": rap_pairs(),
        "rap_verses": rap_verses(),
    }
    print(json.dumps(report, indent=2))


def import_cost():
    command = [sys.executable, "-c", COST]
    seconds, mebibytes = subprocess.run(command, capture_output=True, check=True).stdout.split()
    return {"seconds": round(float(seconds), 3), "resident_mib": round(float(mebibytes))}


def seconds_of(task):
    """The best of three runs."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        task()
        took.append(time.perf_counter() - began)
    return min(took)


def speed(pairs):
    per_second = {"deep hop": len(pairs) / seconds_of(lambda: [rhyme(a, b) for a, b in pairs])}
    try:
        import pronouncing
    except ImportError:
        return per_second | {"pronouncing": "not installed"}

    parts = {}

    def rhyming_parts(word):
        if word not in parts:
            phones = pronouncing.phones_for_word(word)
            parts[word] = {pronouncing.rhyming_part(phone) for phone in phones}
        return parts[word]

    fastest = seconds_of(lambda: [bool(rhyming_parts(a) & rhyming_parts(b)) for a, b in pairs])
    plain = pairs[:5000]
    usual = seconds_of(lambda: [b in pronouncing.rhymes(a) for a, b in plain])
    uncached = seconds_of(
        lambda: [_parts(pronouncing, a) & _parts(pronouncing, b) for a, b in plain]
    )
    per_second |= {
        "pronouncing, rhyming parts": len(plain) / uncached,
        "pronouncing, rhyming parts kept in a dict of ours": len(pairs) / fastest,
        "pronouncing, b in rhymes(a)": len(plain) / usual,
    }
    return {name: round(value) for name, value in per_second.items()}


def _parts(pronouncing, word):
    return {pronouncing.rhyming_part(phone) for phone in pronouncing.phones_for_word(word)}


def verse_time():
    lines = (Path(__file__).parent.parent / "bars/data/examples.txt").read_text().splitlines()
    verse = [line for line in lines if line and not line.startswith("#")][:16]
    began = time.perf_counter()
    hear_stanza(verse)
    cold = time.perf_counter() - began
    return {
        "cold": round(1000 * cold, 1),
        "warm": round(1000 * seconds_of(lambda: hear_stanza(verse)), 1),
    }


def class_time(words):
    warm_up()
    took = []
    for word in words:
        began = time.perf_counter()
        find_rhymes(word)
        took.append(time.perf_counter() - began)
    took.sort()
    return {
        "p50": round(1000 * took[len(took) // 2], 3),
        "p99": round(1000 * took[int(len(took) * 0.99)], 3),
    }


def unrelated(draw, common):
    """Pairs of line ends that have nothing to do with one another, and where they come from."""
    folder = Path(os.environ.get("RHYME_GOLD", ""))
    if not os.environ.get("RHYME_GOLD"):
        return [tuple(draw.choices(common, k=2)) for _ in range(PAIRS)], "common words"
    ends = [
        (path.stem, number, end)
        for path in sorted(folder.glob("*.pgold"))
        for number, stanza in enumerate(read_gold(path.read_text(errors="replace"))[0])
        for end in stanza.ends
    ]
    pairs = []
    while len(pairs) < PAIRS:
        (one, i, first), (other, j, second) = draw.choices(ends, k=2)
        if (one, i) != (other, j):
            pairs.append((first, second))
    return pairs, "marked poems"


def false_alarms(pairs, source):
    heard = Counter()
    strong = counted = brute = 0
    for first, second in pairs:
        found = rhyme(first, second)
        heard[found.kind] += 1
        strong += evidence(found) >= STRONG_EVIDENCE and found.kind is not RhymeKind.IDENTICAL
        counted += evidence(found) > 0 and found.kind is not RhymeKind.IDENTICAL
        brute += rhymes_by_definition(first, second)
    return {
        "source": source,
        "pairs": len(pairs),
        "perfect": heard[RhymeKind.PERFECT] / len(pairs),
        "perfect_by_definition": brute / len(pairs),
        "strong": strong / len(pairs),
        "any": counted / len(pairs),
        "identical": heard[RhymeKind.IDENTICAL] / len(pairs),
    }


def without_lexicon():
    """How our lexicon's words are heard by rules and prediction, and by prediction alone."""
    labelled = {w: look_up_slang(w) for w in slang_words() if not look_up(w)}
    command = [sys.executable, "-c", WITHOUT, *labelled]
    heard = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return {
        "words": len(labelled),
        "rules and prediction": _shares(labelled, {w: h for w, (h, _) in heard.items()}),
        "prediction alone": _shares(labelled, {w: h for w, (_, h) in heard.items()}),
    }


def inflections():
    rows = _rows("inflections.tsv")
    return {"words": len(rows)} | _shares(
        {word: (tuple(spoken.split()),) for word, spoken in rows},
        {word: " ".join((hear(word).pronunciations or [()])[0]) for word, _ in rows},
    )


def _rows(name):
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def rap_pairs():
    """Our own pairs, labelled by ear: precision, recall and F1 of what an ear for rap accepts."""
    rows, counts = _rows("rap_pairs.tsv"), Counts()
    heard = {(i, 0) for i, (first, second, *_) in enumerate(rows) if rhymes_here(first, second)}
    counts.add(heard, {(i, 0) for i, (_, _, label, _) in enumerate(rows) if label in RHYMING})
    return {"pairs": len(rows), "hard": sum(row[3] == "hard" for row in rows)} | counts.to_json()


def rap_verses():
    """Our own verses: their schemes by pairs of lines and whole, and their syllables."""
    blocks = (DATA / "rap_verses.txt").read_text(encoding="utf-8").split("\n\n")
    verses = [block.splitlines()[1:] for block in blocks if block.startswith("verse")]
    counts, exact, bars, counted = Counts(), 0, 0, 0
    for verse in verses:
        letters, numbers, lines = zip(*(row.split("\t") for row in verse), strict=True)
        marked = pairs_of([x if x != "x" else f"x{i}" for i, x in enumerate(letters)])
        told = enumerate(hear_stanza(lines).lines)
        found = pairs_of([line.letter or f"x{i}" for i, line in told])
        counts.add(found, marked)
        exact += found == marked
        bars += len(lines)
        counted += sum(int(n) in syllables(x) for n, x in zip(numbers, lines, strict=True))
    figures = {"exact": exact / len(verses), "bars": bars, "syllables_in_range": counted / bars}
    return {"verses": len(verses)} | counts.to_json() | figures


def _shares(labelled, heard):
    parts = counts = 0
    for word, sounds in labelled.items():
        spoken = tuple(heard[word].split())
        parts += bool(spoken) and part_of(spoken) in map(part_of, sounds)
        counts += syllable_count(spoken) in map(syllable_count, sounds)
    return {
        "rhyming part": round(parts / len(labelled), 3),
        "syllables": round(counts / len(labelled), 3),
    }


def rhymes_by_definition(first, second):
    """Equal from the last stressed vowel on, other consonants before it, by brute force."""
    return first != second and any(
        _part(a) == _part(b) and _onset(a) != _onset(b)
        for a in hear(first).pronunciations[:4]
        for b in hear(second).pronunciations[:4]
    )


def _start(spoken):
    """Where the last stressed vowel stands; the last vowel where none is stressed."""
    return max(range(len(spoken)), key=lambda i: (spoken[i][-1] in "12", spoken[i][-1] == "0", i))


def _part(spoken):
    return re.sub("[012]", "", " ".join(spoken[_start(spoken) :]))


def _onset(spoken):
    return re.search("[^012]*$", " ".join(spoken[: _start(spoken)]))[0]


if __name__ == "__main__":
    main()

"""What a model copied from its training lyrics, word for word or nearly."""

from array import array
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np

from bars.fingerprints import Fingerprints, run_words

NEAR = 0.7  # difflib's ratio, after ByGPT5 (Belouadi and Eger 2023)
_READ = 40  # training bars that are compared letter by letter: those with most words in common


class TrainingBars:
    """The different bars of the training lyrics, to be found by their words."""

    def __init__(self, bars: Iterable[str]) -> None:
        self._bars = list(dict.fromkeys(" ".join(run_words(bar)) for bar in bars))
        self._with: dict[str, array[int]] = {}  # the bars that have a word
        sizes = []
        for number, bar in enumerate(self._bars):
            words = set(bar.split())
            sizes.append(len(words))
            for word in words:
                self._with.setdefault(word, array("I")).append(number)
        self._sizes = np.array(sizes, np.int32)

    def nearest(self, bar: str) -> tuple[float, str]:
        """The likest bar and difflib's ratio to it; 0 where no ratio is `NEAR` or more.

        Only bars that share a third of the words, by Dice's coefficient, are read.
        """
        words = run_words(bar)
        matcher = SequenceMatcher(None, "", " ".join(words), autojunk=False)
        best = (0.0, "")
        for number in self._likely(set(words)):
            matcher.set_seq1(self._bars[number])
            if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= NEAR:
                best = max(best, (matcher.ratio(), self._bars[number]))
        return best if best[0] >= NEAR else (0.0, "")

    def _likely(self, words: set[str]) -> list[int]:
        found = [np.frombuffer(self._with[word], np.uintc) for word in words if word in self._with]
        if not found:
            return []
        shared = np.bincount(np.concatenate(found), minlength=len(self._bars))
        dice = 2 * shared / (len(words) + self._sizes)
        likely = np.flatnonzero(dice >= 1 / 3)
        order = np.argsort(-dice[likely], kind="stable")
        return [int(number) for number in likely[order[:_READ]]]


class Copies:
    """Looks texts up in what a model was trained on; `runs` is none where none are on file."""

    def __init__(self, bars: TrainingBars, runs: Fingerprints | None) -> None:
        self._runs = runs
        self.nearest = lru_cache(maxsize=None)(bars.nearest)

    def runs(self, text: str) -> list[str] | None:
        """Runs of eight words and more that the text has in common; none if nobody can say."""
        return None if self._runs is None else self._runs.copied(text)

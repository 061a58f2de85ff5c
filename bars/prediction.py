"""The sound of a word that nobody lists, as a small neural network guesses it from its letters.

The weights are those of g2p_en (Park and Kim, Apache-2.0; package `espnet-g2p-en`), trained on
CMUdict: a GRU reads the letters, another writes phonemes. `scripts.compile_dictionary` puts them
into this package; they are read on first need.
"""

from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from bars.dictionary import Pronunciation

_LONGEST = 20  # phonemes; longer answers are loops of the network
_END, _BEGIN, _UNKNOWN_LETTER = 3, 2, 1
_FIRST_PHONEME, _FIRST_LETTER = 4, 3
_VOWELS = "AA AE AH AO AW AY|B CH D DH|EH ER EY|F G HH|IH IY|JH K L M N NG|OW OY|P R S SH T TH|UH"
_OPEN, _FULL = frozenset({"IY", "OW", "UW"}), frozenset({"EY", "OY", "AY", "AW"})
_REST = "UW UW0 UW1 UW2 V W Y Z ZH"


def _phonemes() -> list[str]:
    """The network's output alphabet: vowels in three degrees of stress, in alphabetic order."""
    names = [name for group in _VOWELS.split("|") for name in group.split()]
    spelled = [f"{n}{d}" if n[0] in "AEIOU" else n for n in names for d in _degrees(n)]
    return [*spelled, *_REST.split()]


def _degrees(name: str) -> str:
    return "012" if name[0] in "AEIOU" else "-"


class Predictor:
    """The network with its weights; `predict` takes lower-case letters a to z."""

    def __init__(self, weights: bytes) -> None:
        import numpy  # a tenth of a second, and only words that nobody lists need it

        self._np: Any = numpy
        with numpy.load(BytesIO(weights)) as file:
            self._w = {name: file[name].astype(numpy.float32) for name in file.files}
        self._alphabet = _phonemes()

    def predict(self, word: str) -> Pronunciation:
        """The phonemes of a word; () where the network gives no vowel."""
        state = self._np.zeros(self._w["enc_w_hh"].shape[1], self._np.float32)
        for letter in [*(self._letter(c) for c in word), 2]:
            state = self._step("enc", letter, state)
        found, last = [], _BEGIN
        for _ in range(_LONGEST):
            state = self._step("dec", last, state)
            last = int((self._w["fc_w"] @ state + self._w["fc_b"]).argmax())
            if last == _END:
                break
            found.append(last)
        heard = tuple(self._alphabet[i - _FIRST_PHONEME] for i in found if i >= _FIRST_PHONEME)
        return _tidied(heard) if any(p[-1].isdigit() for p in heard) else ()

    def _letter(self, character: str) -> int:
        known = "a" <= character <= "z"
        return ord(character) - ord("a") + _FIRST_LETTER if known else _UNKNOWN_LETTER

    def _step(self, part: str, symbol: int, state: Any) -> Any:
        """One step of a gated recurrent unit (Cho et al. 2014)."""
        w, size = self._w, len(state)
        x = w[f"{part}_w_ih"] @ w[f"{part}_emb"][symbol] + w[f"{part}_b_ih"]
        h = w[f"{part}_w_hh"] @ state + w[f"{part}_b_hh"]
        gates = 1 / (1 + self._np.exp(-(x + h)[: 2 * size]))
        reset, update = gates[:size], gates[size:]
        proposed = self._np.tanh(x[2 * size :] + reset * h[2 * size :])
        return (1 - update) * proposed + update * state


def _tidied(heard: Pronunciation) -> Pronunciation:
    """Secondary stress as the dictionary has it: on full vowels, not on weak ones.

    A final IY, OW or UW and every IH, AH and ER without main stress is weak; a final diphthong
    after the main stress is full.
    """
    found = list(heard)
    for i, phoneme in enumerate(heard):
        name, last = phoneme[:-1], i == len(heard) - 1
        if phoneme[-1] == "2" and (name in {"IH", "AH", "ER"} or (last and name in _OPEN)):
            found[i] = name + "0"
        elif phoneme[-1] == "0" and last and name in _FULL and i > 2:
            found[i] = name + "2"
    return tuple(found)


@cache
def predictor() -> Predictor | None:
    """The predictor, loaded at the first call; None where numpy is not installed."""
    if find_spec("numpy") is None:
        return None
    return Predictor((files("bars") / "data" / "prediction.npz").read_bytes())

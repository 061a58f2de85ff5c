"""The request for a verse: what a visitor may ask for, and how a bad wish is refused."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bars.request_fields import (
    HIGHEST_TEMPERATURE,
    LANGUAGES,
    LONGEST_TEXT,
    LOWEST_TEMPERATURE,
    MOST_BARS,
    MOST_OPENING_BARS,
    RHYMES,
    SEED_LIMIT,
    Alternatives,
    Fields,
    Problem,
    RequestRefused,
    shown,
)
from bars.scheme import letters
from bars.sounds import Sounds

__all__ = [
    "LONGEST_TEXT",
    "MOST_BARS",
    "MOST_OPENING_BARS",
    "SEED_LIMIT",
    "Alternatives",
    "Problem",
    "RequestRefused",
    "VerseRequest",
]


@dataclass(frozen=True)
class VerseRequest:
    """A verse as asked for; `opening` bars are the first of its `bars`.

    `keep` are bars that stand already, by their places in the whole verse; the others are written
    to fit them. `sounds` are words of those bars and of the opening, said in the visitor's way.
    """

    topic: str = ""
    opening: tuple[str, ...] = ()
    bars: int = 4
    scheme: str = "AABB"
    syllables: int | str = "free"  # 4..20, match (the opening's) or free
    rhyme: str = "perfect"
    temperature: float = 0.8
    top_p: float = 0.95
    seed: int | None = None
    language: str = "any"
    internal: bool = False  # a wish for rhymes inside the bars
    keep: tuple[tuple[int, str], ...] = ()
    alternatives: Alternatives | None = None
    sounds: Sounds = Sounds()

    @classmethod
    def from_json(cls, body: Any) -> "VerseRequest":
        """Read a request, or raise RequestRefused with every problem at once."""
        if not isinstance(body, Mapping):
            raise RequestRefused((Problem("body", shown(body), "must be a JSON object."),))
        reading = Fields(body)
        request = cls(
            topic=reading.topic(),
            opening=(opening := reading.opening()),
            bars=(bars := reading.bars(len(opening))),
            keep=(keep := reading.keep(len(opening), bars)),
            alternatives=reading.alternatives(len(opening), bars, keep),
            sounds=reading.sounds([*opening, *(text for _, text in keep)]),
            scheme=reading.scheme(),
            syllables=reading.syllables(bool(opening or keep)),
            rhyme=reading.choice("rhyme", "perfect", RHYMES),
            temperature=reading.number("temperature", 0.8, LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE),
            top_p=reading.number("top_p", 0.95, 0.0, 1.0, above=True),
            seed=reading.seed(),
            language=reading.choice("language", "any", LANGUAGES),
            internal=reading.flag("internal"),
        )
        reading.refuse_the_rest()
        said = request.topic or opening or keep
        if not said and not reading.refused("topic", "opening", "keep"):
            reading.refuse("topic", "", "give a topic or an opening bar.")
        if reading.problems:
            raise RequestRefused(tuple(reading.problems))
        return request

    def to_json(self) -> dict[str, Any]:
        """The request as JSON that `from_json` reads back to an equal request."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        fields["opening"] = list(self.opening)
        fields["keep"] = {str(place): text for place, text in self.keep}
        fields["alternatives"] = asdict(self.alternatives) if self.alternatives else None
        fields["sounds"] = self.sounds.to_json() or None
        return {name: value for name, value in fields.items() if value is not None}

    @property
    def kept(self) -> dict[int, str]:
        """The kept bars by their places."""
        return dict(self.keep)

    def letters(self) -> list[str | None]:
        """The rhyme letter of each bar; None where the bar is free."""
        return letters(self.scheme, self.bars)

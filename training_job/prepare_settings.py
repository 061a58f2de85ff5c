"""What decides the prepared data, besides the songs."""

from dataclasses import dataclass, field
from typing import Any

from training_job.lessons import Mix

LANGUAGES = ("any", "clean")


class PrepareSettingsWrong(ValueError):
    """The settings cannot be used; the message names every problem."""


@dataclass(frozen=True)
class PrepareSettings:
    """`sounds` is the number of lessons of each sound task; `valid` and `test` are shares."""

    seed: int = 1
    mix: Mix = field(default_factory=Mix)
    sounds: int = 5000
    language: str = "any"
    valid: float = 0.05
    test: float = 0.05

    def __post_init__(self) -> None:
        wrong = [
            f"{name} is {value}; it must be {wanted}."
            for name, value, right, wanted in (
                ("--seed", self.seed, 0 <= self.seed < 2**31, "a whole number from 0"),
                ("--sounds", self.sounds, 0 <= self.sounds <= 10**6, "from 0 to 1,000,000"),
                ("--language", self.language, self.language in LANGUAGES, "any or clean"),
                ("--valid", self.valid, 0 <= self.valid <= 0.4, "from 0 to 0.4"),
                ("--test", self.test, 0 <= self.test <= 0.4, "from 0 to 0.4"),
            )
            if not right
        ]
        if wrong:
            raise PrepareSettingsWrong(" ".join(wrong))

    @property
    def clean(self) -> bool:
        """Whether verses and words with strong language are left out."""
        return self.language == "clean"

    def to_json(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "tasks": self.mix.to_json(),
            "sounds": self.sounds,
            "language": self.language,
            "valid": self.valid,
            "test": self.test,
        }

"""Candidates that know where they are going and are judged as if they did not."""

from collections.abc import Collection, Sequence

import torch

from inference.engine import Engine
from inference.work import Context, Task, together

GUIDANCE = 0.5  # what a guide's log-probability weighs; the plain reading's has the rest


class GuidedRows:
    """Rows that go on from a plain context, most of them from a guide's as well.

    Guides have read a plan that names an end word, which the plain context does not. Both read
    the same tokens. The plain logits price a row as a reader meets it; the mixed ones steer it.
    """

    def __init__(
        self, engine: Engine, plain: Context, guides: Sequence[Context], count: int
    ) -> None:
        self._engine, self._plain = engine, engine.rows(plain, count)
        dealt = [list(range(first, count, len(guides))) for first in range(len(guides))]
        self._guides = [
            (engine.rows(guide, len(places)), places)
            for guide, places in zip(guides, dealt, strict=True) if places
        ]  # fmt: skip

    @property
    def logits(self) -> torch.Tensor:
        """Of the plain reading: [rows, vocabulary]."""
        return self._plain.logits

    def steered(self, prices: torch.Tensor) -> torch.Tensor:
        """Plain log-probabilities [rows, vocabulary], mixed with the guides' where there is one."""
        if not self._guides:
            return prices
        mixed = prices.clone()
        for guide, places in self._guides:
            told = guide.logits.log_softmax(-1)
            mixed[places] = GUIDANCE * told + (1 - GUIDANCE) * prices[places]
        return mixed

    def keep(self, rows: Sequence[int], unguided: Collection[int] = ()) -> None:
        """Go on with these rows only, each as often as it is there; those at the `unguided` places
        among them have no guide from now on."""
        self._plain.keep(rows)
        guides = []
        for guide, places in self._guides:
            at = {place: number for number, place in enumerate(places)}
            left = [new for new, row in enumerate(rows) if row in at and new not in unguided]
            if left:
                guide.keep([at[rows[new]] for new in left])
                guides.append((guide, left))
        self._guides = guides

    def append(self, tokens: Sequence[int]) -> Task[None]:
        """Append one token to each row, in every reading."""
        tasks = [self._engine.append(self._plain, tokens)]
        for guide, places in self._guides:
            tasks.append(self._engine.append(guide, [tokens[place] for place in places]))
        yield from together(tasks)

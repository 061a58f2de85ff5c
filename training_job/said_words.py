"""End words that were said before, made unlikely where the next one is proposed.

A small model would rather copy the word it rhymes with than rhyme with it. Token-level
unlikelihood (Welleck et al., 2020, eq. 4) asks for less of that. What counts as said here is not
the whole context but the token before each proposal of the lesson, which ends the word that is
named there, and the first token of what was proposed. Common words are one token. A word that was
proposed and then named counts twice.
"""

import torch

_MOST = 1 - 1e-6  # a likelihood of 1 would cost infinitely much


def unlikelihood_loss(
    logits: torch.Tensor, kept: torch.Tensor, inputs: dict[str, torch.Tensor]
) -> torch.Tensor:
    """The sum of -log(1 - p) over the words said before, wherever an end word is proposed.

    `logits` [rows, kept, vocabulary] are those at the columns `kept` of the inputs [rows, tokens].
    """
    total = logits.new_zeros(())
    for row, proposed in enumerate(inputs["proposed"]):
        places = proposed.nonzero()[:, 0]
        named, wanted = inputs["input_ids"][row, places], inputs["labels"][row, places]
        lessons = places - inputs["position_ids"][row, places]
        likely = logits[row, torch.searchsorted(kept, places)].softmax(-1)
        likely = likely[:, torch.cat([named, wanted])].clamp(max=_MOST)
        total = total - (torch.log1p(-likely) * _said(lessons, named, wanted)).sum()
    return total


def _said(lessons: torch.Tensor, named: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Which words were said before each of some proposals: [proposals, 2 x proposals].

    A proposal names the word to rhyme with, and then says the one that is wanted. Neither counts in
    another lesson, nor where it is what is to be learned.
    """
    together = (lessons[:, None] == lessons).tril()
    said = torch.cat([together, together.tril(-1)], dim=1)
    return said & (torch.cat([named, wanted]) != wanted[:, None])

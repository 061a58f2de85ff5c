"""Rows of tokens that a causal model reads side by side, and how their next tokens are chosen.

Rows share one key-value cache. Prompts of different length are padded on the right; a mask hides
the padding and positions skip it, so that a row reads as if it were alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import DynamicCache

LINE_END = "\n"
_WIDEST = 1000  # the likeliest tokens, of which one is drawn; top-p seldom leaves more


class Speaker:
    """A model and its tokenizer."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.model, self.tokenizer = model.eval(), tokenizer
        self.device = next(model.parameters()).device
        self._ends = frozenset(tokenizer.all_special_ids)
        self._texts: dict[int, str] = {}

    def encode(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=False)) if text else []

    def decode(self, tokens: Sequence[int]) -> str:
        return str(self.tokenizer.decode(list(tokens), clean_up_tokenization_spaces=False))

    def text_of(self, token: int) -> str:
        """One token as text; what ends a text is a line end too."""
        if token not in self._texts:
            self._texts[token] = LINE_END if token in self._ends else self.decode([token])
        return self._texts[token]


@dataclass(frozen=True)
class Manner:
    """How a token is chosen; a temperature of 0 takes the likeliest."""

    temperature: float = 0.8
    top_p: float = 0.95


GREEDY = Manner(temperature=0.0)


def choose(logits: torch.Tensor, draws: Sequence[float], manner: Manner) -> list[int]:
    """A token for each row of logits [rows, vocabulary]; `draws` are from 0 up to 1."""
    if not manner.temperature:
        likeliest: list[int] = logits.argmax(-1).tolist()
        return likeliest
    chances = (logits / manner.temperature).softmax(-1)
    likely, tokens = chances.topk(min(_WIDEST, chances.shape[-1]))
    likely[likely.cumsum(-1) - likely >= manner.top_p] = 0
    marks = likely.cumsum(-1)
    drawn = torch.tensor(draws, device=logits.device)[:, None] * marks[:, -1:]
    places = (marks <= drawn).sum(-1, keepdim=True).clamp(max=marks.shape[-1] - 1)
    chosen: list[int] = tokens.gather(-1, places)[:, 0].tolist()
    return chosen


class TokenRows:
    """Rows that the model has read; `logits` [rows, vocabulary] are for their next tokens."""

    def __init__(self, speaker: Speaker, prompts: Sequence[Sequence[int]]) -> None:
        self._speaker = speaker
        self._cache = DynamicCache()
        lengths = torch.tensor([len(prompt) for prompt in prompts], device=speaker.device)
        longest = int(lengths.max())
        padded = [[*prompt, *[0] * (longest - len(prompt))] for prompt in prompts]
        ids = torch.tensor(padded, device=speaker.device)
        positions = torch.arange(longest, device=speaker.device).expand_as(ids)
        self._shown = (positions < lengths[:, None]).long()  # [rows, slots], 0: padding
        self._lengths = lengths
        ends, where = torch.unique(lengths - 1, return_inverse=True)
        logits = self._read(ids, positions, logits_to_keep=ends)
        self.logits = logits[torch.arange(len(prompts), device=speaker.device), where]

    def _read(self, ids: torch.Tensor, positions: torch.Tensor, **more: Any) -> torch.Tensor:
        with torch.inference_mode():
            answer = self._speaker.model(
                input_ids=ids,
                attention_mask=self._shown,
                position_ids=positions,
                past_key_values=self._cache,
                use_cache=True,
                **more,
            )
        logits: torch.Tensor = answer.logits.float()
        return logits

    def step(self, tokens: Sequence[int]) -> None:
        """Append one token to each row."""
        ids = torch.tensor(tokens, device=self._speaker.device)[:, None]
        self._shown = torch.cat([self._shown, torch.ones_like(ids)], dim=1)
        self.logits = self._read(ids, self._lengths[:, None])[:, -1]
        self._lengths = self._lengths + 1

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only."""
        index = torch.tensor(rows, dtype=torch.long, device=self._speaker.device)
        layers: Any = self._cache.layers
        for layer in layers:
            layer.keys, layer.values = layer.keys[index], layer.values[index]
        self._shown, self._lengths = self._shown[index], self._lengths[index]
        self.logits = self.logits[index]

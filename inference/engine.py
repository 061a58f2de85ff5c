"""Tokens in, log-probabilities out: a causal language model with reusable contexts.

A context is read once and kept; rows of candidates go on from it side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import DynamicCache

Layers = tuple[tuple[torch.Tensor, torch.Tensor], ...]  # keys, values: [1, heads, tokens, size]


@dataclass(frozen=True)
class Context:
    """Text that the model has read; `logits` [vocabulary] are for the token after it."""

    layers: Layers
    logits: torch.Tensor


class Rows:
    """Candidates that go on from one context, one token each at a time."""

    def __init__(self, model: Any, context: Context, count: int) -> None:
        self._model = model
        self._cache = _cache(context.layers, count)
        self.logits = context.logits.expand(count, -1)  # [rows, vocabulary]

    def step(self, tokens: Sequence[int]) -> None:
        """Append one token to each row."""
        ids = torch.tensor(tokens, device=self.logits.device)[:, None]
        with torch.inference_mode():
            answer = self._model(input_ids=ids, past_key_values=self._cache, use_cache=True)
        self.logits = answer.logits[:, -1].float()

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only."""
        index = torch.tensor(rows, device=self.logits.device)
        layers: Any = self._cache.layers
        for layer in layers:
            layer.keys, layer.values = layer.keys[index], layer.values[index]
        self.logits = self.logits[index]


class Engine:
    """A model and its tokenizer; one verse at a time uses it."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = model.eval()
        self._tokenizer = tokenizer
        self._device = next(model.parameters()).device

    def encode(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False))

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        return [list(ids) for ids in self._tokenizer(texts, add_special_tokens=False)["input_ids"]]

    def token_texts(self) -> list[str]:
        """Each token as text; byte-level and sentence-piece marks become spaces and line ends."""
        size = int(self._model.config.vocab_size)
        known = self._tokenizer.convert_ids_to_tokens(list(range(len(self._tokenizer))))
        texts = [(t or "").replace("Ġ", " ").replace("▁", " ").replace("Ċ", "\n") for t in known]
        return (texts + [""] * size)[:size]

    def read(self, tokens: Sequence[int], after: Context | None = None) -> Context:
        """Read on, after a context or from the beginning."""
        cache = _cache(after.layers, 1) if after else DynamicCache()
        ids = torch.tensor([list(tokens)], device=self._device)
        with torch.inference_mode():
            answer = self._model(input_ids=ids, past_key_values=cache, use_cache=True)
        grown: Any = cache.layers
        layers = tuple((layer.keys, layer.values) for layer in grown)
        return Context(layers, answer.logits[0, -1].float())

    def rows(self, context: Context, count: int) -> Rows:
        return Rows(self._model, context, count)

    def score(self, context: Context, lines: Sequence[Sequence[int]]) -> list[list[float]]:
        """Natural log-probability of every token of every line, each read after the context."""
        longest = max(map(len, lines))
        padded = [[*line, *[line[-1]] * (longest - len(line))] for line in lines]
        ids = torch.tensor(padded, device=self._device)  # causal: what pads a line cannot reach it
        with torch.inference_mode():
            answer = self._model(
                input_ids=ids, past_key_values=_cache(context.layers, len(lines)), use_cache=True
            )
        first = context.logits.expand(len(lines), 1, -1)
        logits = torch.cat([first, answer.logits[:, :-1].float()], dim=1)
        found = logits.log_softmax(-1).gather(-1, ids[:, :, None])[:, :, 0].tolist()
        return [row[: len(line)] for row, line in zip(found, lines, strict=True)]


def _cache(layers: Layers, count: int) -> DynamicCache:
    cache = DynamicCache()
    for index, (keys, values) in enumerate(layers):
        cache.update(keys.expand(count, -1, -1, -1), values.expand(count, -1, -1, -1), index)
    return cache

"""Attention for tokens of many verses in one forward pass, each over what its own verse has read.

The model sees one long row: the tokens of all work at hand, packed without padding. For every
piece of work this attention looks into that verse's own keys and values: the context that all its
candidates share is stored and read once (as in Hydragen, Juravsky et al. 2024), and each
candidate adds only the few tokens of its own. A piece is computed in the same shapes whatever
stands beside it, so that a verse does not depend on its company.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface

from inference.refusals import Unsupported
from inference.store import Store

NAME = "deep_hop"  # of this attention among those of transformers
_NOT_OURS = ("softcap", "s_aux", "position_bias")
_WINDOW = 4096  # tokens; no verse with its prompt is longer


@dataclass(frozen=True)
class Piece:
    """Tokens of one verse: `rows` of `tokens` each, that stand at `begin` in the long row.

    All of them see the first `seen` tokens of `context`; each row sees itself, in `own`, where its
    tokens are written. A piece without a context has one row, which goes on in its own store.
    """

    begin: int
    rows: int
    tokens: int
    own: Store
    context: Store | None = None
    seen: int = 0

    @property
    def end(self) -> int:
        return self.begin + self.rows * self.tokens


class PackedAttention:
    """The attention of every layer of one model; `pieces` tell what the long row consists of."""

    def __init__(self) -> None:
        self.pieces: Sequence[Piece] = ()

    def attend(
        self,
        layer: int,
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        scale: float,
    ) -> torch.Tensor:
        """From query [1, heads, tokens, size], key and value of all pieces to [1, heads, tokens,
        size]."""
        out, query = torch.zeros_like(query), query * scale
        for piece in self.pieces:
            part = slice(piece.begin, piece.end)
            out[0, :, part] = _attend(
                piece, layer, query[0, :, part], key[0, :, part], value[0, :, part]
            )
        return out


def _attend(
    piece: Piece, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor
) -> torch.Tensor:
    """One piece: query [heads, rows * tokens, size], key and value [key heads, rows * tokens,
    size] to [heads, rows * tokens, size]."""
    if piece.context is None:
        return _read_on(piece, layer, query, key, value)
    return _branch_off(piece, layer, query, key, value, piece.context)


def _read_on(
    piece: Piece, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor
) -> torch.Tensor:
    """One row that goes on in its own store."""
    piece.own.write(layer, key[:, None], value[:, None])
    keys, values = piece.own.read(layer, piece.own.length + piece.tokens)
    later = None if piece.tokens == 1 else _later(piece.tokens, keys.shape[2], keys.device)
    found = scaled_dot_product_attention(
        query[None], keys.transpose(0, 1), values.transpose(0, 1), scale=1.0,
        enable_gqa=len(query) != len(key), attn_mask=None if later is None else ~later,
    )  # fmt: skip
    return found[0]


def _branch_off(
    piece: Piece,
    layer: int,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    context: Store,
) -> torch.Tensor:
    """Rows that all see a context, and each itself. Scores are float32, as GPT-J's own are."""
    rows, tokens = piece.rows, piece.tokens
    heads, _, size = query.shape
    groups = key.shape[0]
    each = heads // groups  # query heads that share a key head
    split = (groups, rows, tokens, size)
    piece.own.write(layer, key.view(split), value.view(split))
    own_keys, own_values = piece.own.read(layer, piece.own.length + tokens)
    asked = query.view(groups, each, rows, tokens, size).transpose(1, 2)
    asked = asked.reshape(groups, rows, each * tokens, size).float()
    own = torch.matmul(asked, own_keys.float().transpose(-1, -2))
    if tokens > 1:
        own = own.view(groups, rows, each, tokens, -1)
        own = own.masked_fill(_later(tokens, own.shape[-1], own.device), -torch.inf)
        own = own.view(groups, rows, each * tokens, -1)
    keys, values = (found[:, 0] for found in context.read(layer, piece.seen))
    far = torch.bmm(asked.reshape(groups, -1, size), keys.float().transpose(-1, -2))
    far = far.view(groups, rows, each * tokens, piece.seen)
    chances = torch.cat([far, own], dim=-1).softmax(-1).to(own_values.dtype)
    far_chances = chances[..., : piece.seen].reshape(groups, -1, piece.seen)
    found = torch.bmm(far_chances, values).view(groups, rows, each * tokens, size)
    found = found + torch.matmul(chances[..., piece.seen :], own_values)
    found = found.view(groups, rows, each, tokens, size).transpose(1, 2)
    return found.reshape(heads, rows * tokens, size)


def _later(tokens: int, seen: int, device: torch.device) -> torch.Tensor:
    """[tokens, seen]: whether a token would see one that comes after it."""
    return torch.ones(tokens, seen, dtype=torch.bool, device=device).triu(seen - tokens + 1)


def install(model: Any) -> PackedAttention:
    """Replace the attention of a model's layers by one that the answer steers."""
    packed = PackedAttention()
    layers = [module for module in model.modules() if _is_attention(module)]
    for module in layers:
        module.packed = packed
    if model.config.model_type == "gptj":
        for module in layers:
            module._attn = _for_gptj(module, packed)
        return packed
    model.set_attn_implementation(NAME)  # only warns where it cannot
    if model.config._attn_implementation != NAME or not layers:
        raise Unsupported(
            f"A model of type {model.config.model_type} cannot be served: its attention is fixed. "
            "Use GPT-J, or a model whose attention transformers lets others replace, as Llama's."
        )
    return packed


def _is_attention(module: Any) -> bool:
    return hasattr(module, "layer_idx") and hasattr(module, "is_causal")


def _for_gptj(module: Any, packed: PackedAttention) -> Any:
    """GPT-J's classes keep an attention of their own."""

    def attend(query: Any, key: Any, value: Any, attention_mask: Any = None) -> Any:
        scale = 1 / float(module.scale_attn)
        return packed.attend(module.layer_idx, query, key, value, scale), None

    return attend


def _for_others(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: Any,
    scaling: float | None = None,
    **kwargs: Any,
) -> tuple[torch.Tensor, None]:
    window = kwargs.get("sliding_window")
    if any(kwargs.get(name) is not None for name in _NOT_OURS) or (window and window < _WINDOW):
        raise Unsupported(
            "The model's attention has a soft cap, sinks, a bias or a short window, which this "
            "container does not compute. Use another model."
        )
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    found = module.packed.attend(module.layer_idx, query, key, value, scale)
    return found.transpose(1, 2).contiguous(), None


AttentionInterface.register(NAME, _for_others)

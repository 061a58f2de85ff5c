"""A model's linear layers as a processor reads them fastest: packed once, in float32 or in 8 bits.

Each row of a product is summed alone, so that what a verse gets does not depend on its company.
"""

from typing import Any

import torch
from torch import nn

_LEVELS = 127  # of a whole number in 8 bits, on either side of 0
_ZERO = 128  # where 0 lies among inputs, which are written without a sign
_LEAST = 1e-8  # size of a row, so that a row of zeros can be divided
_TYPICAL_ROWS = 16  # that a layout is made for; others work, too


class PackedLinear(nn.Module):
    """A linear layer in float32 whose weights lie in oneDNN's own layout."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight, bias = linear.weight.detach(), linear.bias
        self._packed = torch.ops.mkldnn._reorder_linear_weight(weight, _TYPICAL_ROWS)
        self._bias = None if bias is None else bias.detach()

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """[..., in] to [..., out]."""
        product: torch.Tensor = torch.ops.mkldnn._linear_pointwise(
            rows, self._packed, self._bias, "none", [], ""
        )
        return product


class IntegerLinear(nn.Module):
    """A linear layer in 8 bits: weights by output channel, inputs by row, sums of whole numbers.

    Symmetric absolute-maximum quantization, as vector-wise in LLM.int8 (Dettmers et al. 2022,
    section 2.1), without its outlier columns.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach().float()
        self._scales = weight.abs().amax(1).clamp_min(_LEAST) / _LEVELS
        numbers = (weight / self._scales[:, None]).round().to(torch.int8)
        self._packed = torch.ops.onednn.qlinear_prepack(numbers, [_TYPICAL_ROWS, weight.shape[1]])
        self._zeros = torch.zeros(len(weight), dtype=torch.long)
        self._bias = None if linear.bias is None else linear.bias.detach().float()

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """[..., in] to [..., out]."""
        flat = rows.reshape(-1, rows.shape[-1])
        sizes = torch.linalg.vector_norm(flat, torch.inf, dim=-1, keepdim=True).clamp_min(_LEAST)
        numbers = (flat * (_LEVELS / sizes)).add_(_ZERO).round_().to(torch.uint8)
        product = torch.ops.onednn.qlinear_pointwise(
            numbers, 1 / _LEVELS, _ZERO, self._packed, self._scales, self._zeros,
            None, 1.0, 0, torch.float32, "none", [], "",
        ).mul_(sizes)  # fmt: skip
        if self._bias is not None:
            product += self._bias
        answer: torch.Tensor = product.view(*rows.shape[:-1], -1)
        return answer


def can_pack() -> bool:
    """Whether this build of torch has oneDNN."""
    return bool(torch._C._has_mkldnn)


def pack(model: Any, integers: bool) -> None:
    """Replace every plain linear layer of a float32 model on a processor, one after another.

    An embedding that shares its weights with a layer keeps them, and so do the small layers of an
    adapter, which stand in a dictionary: the adapter looks at their weights.
    """
    made = IntegerLinear if integers else PackedLinear
    for module in [each for each in model.modules() if not isinstance(each, nn.ModuleDict)]:
        for name, child in list(module.named_children()):
            if type(child) is nn.Linear:
                setattr(module, name, made(child))

"""Linear layers as a processor computes them: in company the same, to the last bit, as alone."""

import pytest
import torch
from torch import nn

from inference.packed_linear import IntegerLinear, PackedLinear, pack

KINDS = [PackedLinear, IntegerLinear]


@pytest.fixture
def rows():
    torch.manual_seed(1)
    return torch.randn(3, 40, 96)


@pytest.fixture(params=[True, False], ids=["with bias", "without bias"])
def linear(request):
    torch.manual_seed(2)
    return nn.Linear(96, 200, bias=request.param)


@torch.inference_mode()
def test_packed_it_answers_as_before(linear, rows):
    torch.testing.assert_close(PackedLinear(linear)(rows), linear(rows), rtol=1e-5, atol=1e-5)


@torch.inference_mode()
def test_in_8_bits_it_is_off_by_a_hundredth(linear, rows):
    plain, whole = linear(rows), IntegerLinear(linear)(rows)
    assert whole.shape == plain.shape
    assert 0 < (whole - plain).norm() / plain.norm() < 0.02


@pytest.mark.parametrize("kind", KINDS)
@torch.inference_mode()
def test_company_changes_nothing(kind, linear, rows):
    flat, packed = rows.flatten(0, 1), kind(linear)
    alone, loud = packed(flat[12:24]), flat.clone()
    loud[:12] *= 1000
    assert torch.equal(packed(loud)[12:24], alone)


@torch.inference_mode()
def test_a_row_of_zeros_stays_one(linear):
    answer = IntegerLinear(linear)(torch.zeros(1, 96))
    torch.testing.assert_close(answer, linear(torch.zeros(1, 96)))


def test_every_plain_layer_of_a_model_is_packed_and_no_other():
    class Own(nn.Linear):
        """A layer that knows better."""

    model = nn.Sequential(nn.Linear(8, 8), nn.Sequential(nn.Linear(8, 8), nn.ReLU()), Own(8, 8))
    pack(model, integers=False)
    kinds = [type(each) for each in (model[0], *model[1], model[2])]
    assert kinds == [PackedLinear, PackedLinear, nn.ReLU, Own]

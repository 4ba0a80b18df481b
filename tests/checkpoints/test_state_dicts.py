"""Names and prefixes of state dicts, and weight norm folded away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from vocolab.checkpoints import (
    as_arrays,
    as_state_dict,
    find_state_dict,
    fold_weight_norm,
    renamed,
    under_prefix,
    weight_norm_spelling,
    without_prefixes,
)
from vocolab.errors import CheckpointError

STATE = {"a.weight": torch.ones(2)}
FILE = Path("file.pt")


def test_the_first_place_with_tensors_is_taken() -> None:
    content = {"steps": 3, "model": {"generator": STATE}, "generator": {"x": 1}}
    assert find_state_dict(content, "generator", "model.generator", "") is STATE
    assert find_state_dict(STATE, "generator", "") is STATE
    assert find_state_dict({"x": 1}, "") is None
    assert find_state_dict([1], "", "x") is None
    assert find_state_dict({"x": 1}, "x.y") is None


def test_no_state_dict_says_what_there_is() -> None:
    with pytest.raises(CheckpointError, match=r"file\.pt: holds keys steps, name, not a state dict"):
        as_state_dict({"steps": 1, "name": "x"}, FILE, "")
    with pytest.raises(CheckpointError, match="holds list"):
        as_state_dict([1], FILE, "")


def test_prefixes() -> None:
    state = {"module.module.a": 1, "module.generator.b": 2, "c": 3}
    assert without_prefixes(state, "module.", "generator.") == {"a": 1, "b": 2, "c": 3}
    compiled = {"_orig_mod.module.a": 1, "module._orig_mod.b": 2, "c._orig_mod.weight": 3}
    assert without_prefixes(compiled, "module.") == {"a": 1, "b": 2, "c.weight": 3}
    with pytest.raises(CheckpointError, match=r"two tensors for a, one of them as module\.a"):
        without_prefixes({"a": 1, "module.a": 2}, "module.")
    assert under_prefix({"generator.a": 1, "mpd.a": 2}, "generator.") == {"a": 1}


def test_renaming_takes_the_first_rule_that_matches_all_of_a_name() -> None:
    rules = [(r"up\.(\d+)\.1\.(.+)", r"ups.\1.\2"), (r"up\..*", "never")]
    assert renamed({"up.3.1.weight": 1, "other.up.3.1.x": 2}, rules) == {"ups.3.weight": 1, "other.up.3.1.x": 2}
    with pytest.raises(CheckpointError, match=r"two tensors for ups\.3\.weight"):
        renamed({"ups.3.weight": 1, "up.3.1.weight": 2}, rules)


@pytest.mark.parametrize(("tensor", "expected"), [([1.0], "is list, not a tensor"), ("x", "is str, not a tensor")])
def test_what_is_no_tensor(tensor: Any, expected: str) -> None:
    with pytest.raises(CheckpointError, match=expected):
        as_arrays({"a": torch.ones(1), "b": tensor}, FILE)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("kind", [torch.float32, torch.float16, torch.bfloat16])
def test_what_is_not_finite(value: float, kind: torch.dtype) -> None:
    with pytest.raises(CheckpointError, match=r"file\.pt: b holds NaN or infinity"):
        as_arrays({"a": torch.ones(1), "b": torch.tensor([1.0, value], dtype=kind)}, FILE)


def test_precisions_become_float32_and_whole_numbers_stay() -> None:
    arrays = as_arrays({"b": torch.tensor([1.5], dtype=torch.bfloat16), "n": torch.tensor([3])}, FILE)
    assert (arrays["b"].dtype, arrays["n"].dtype) == (np.float32, np.int64)
    assert arrays["b"][0] == 1.5


@pytest.mark.parametrize("layer", [torch.nn.Conv1d(3, 4, 5), torch.nn.ConvTranspose1d(3, 4, 5), torch.nn.Linear(3, 2)])
def test_folding_is_what_torch_computes(layer: torch.nn.Module) -> None:
    torch.manual_seed(0)
    normed = torch.nn.utils.parametrizations.weight_norm(layer)
    normed.parametrizations.weight.original0.data *= 1.7  # type: ignore[union-attr]
    arrays = as_arrays({f"a.{name}": tensor for name, tensor in normed.state_dict().items()}, FILE)
    folded = fold_weight_norm(arrays)
    assert set(folded) == {"a.weight", "a.bias"}
    np.testing.assert_allclose(folded["a.weight"], normed.weight.detach().numpy(), rtol=1e-6)  # type: ignore[operator]
    old = {name.replace("parametrizations.weight.original0", "weight_g").replace(
        "parametrizations.weight.original1", "weight_v"): array for name, array in arrays.items()}
    np.testing.assert_array_equal(fold_weight_norm(old)["a.weight"], folded["a.weight"])
    assert weight_norm_spelling(arrays) == "weight norm as parametrizations"
    assert weight_norm_spelling(old) == "weight norm as weight_g and weight_v"
    assert weight_norm_spelling(folded) == "weight norm folded"


@pytest.mark.parametrize("shape", [(3,), (5, 1, 1), (4, 3, 5), (1, 1, 1), (4, 3, 1)])
def test_gains_that_do_not_fit_are_refused(shape: tuple[int, ...]) -> None:
    """Else a gain of one shape would blow a direction of another up by broadcasting."""
    tensors = {"a.weight_g": np.ones(shape, np.float32), "a.weight_v": np.ones((4, 3, 5), np.float32)}
    with pytest.raises(CheckpointError, match="a: weight norm of"):
        fold_weight_norm(tensors)


def test_half_a_pair_stays_as_it_is() -> None:
    assert set(fold_weight_norm({"a.weight_g": np.ones(1, np.float32)})) == {"a.weight_g"}

"""The prior, the search and the forward sum against what they are by definition."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom
from torch.nn import functional

from vocolab_aligner.forward_sum import forward_sum
from vocolab_aligner.prior import log_prior
from vocolab_aligner.search import durations


def placements(frames: int, optional: np.ndarray) -> list[tuple[int, ...]]:
    """All ways to place tokens, as durations."""
    counts = itertools.product(range(frames + 1), repeat=optional.size)
    return [one for one in counts if sum(one) == frames
            and all(count or may for count, may in zip(one, optional, strict=True))]


def scores(log_p: np.ndarray, ways: list[tuple[int, ...]]) -> np.ndarray:
    frames, tokens = log_p.shape
    paths = [np.repeat(np.arange(tokens), way) for way in ways]
    return np.array([log_p[np.arange(frames), path].sum() for path in paths])


# A text of up to five tokens, none of two neighbours optional
optionals = st.sampled_from([
    flags for n in range(1, 6) for flags in itertools.product([False, True], repeat=n)
    if not any(a and b for a, b in itertools.pairwise(flags)) and not all(flags)
])


@settings(max_examples=60, deadline=None)
@given(optionals, st.integers(0, 3), st.integers(0, 2**32 - 1))
def test_search_and_sum_are_those_over_all_placements(flags: tuple[bool, ...], more: int, seed: int) -> None:
    optional = np.array(flags)
    frames = int((~optional).sum()) + more
    values = np.random.default_rng(seed).normal(0, 2, (frames, optional.size)).astype(np.float32)
    ways = placements(frames, optional)
    found = scores(values.astype(np.float64), ways)
    assert tuple(durations(values, optional).tolist()) == ways[int(found.argmax())]
    total = -forward_sum(torch.from_numpy(values)[None], torch.tensor([frames]), torch.tensor([optional.size]),
                         torch.from_numpy(optional)[None])
    assert float(total) == pytest.approx(np.logaddexp.reduce(found), abs=1e-4)


def test_the_sum_is_torchs_ctc_without_a_blank_and_so_is_its_gradient() -> None:
    torch.manual_seed(0)
    values = torch.randn(3, 20, 7, requires_grad=True)
    frames, tokens = torch.tensor([20, 15, 12]), torch.tensor([7, 5, 6])
    log_p = functional.log_softmax(values, 2)
    ours = forward_sum(log_p, frames, tokens, torch.zeros(3, 7, dtype=torch.bool))
    with_blank = torch.cat([torch.full((3, 20, 1), -1e4), log_p], 2).transpose(0, 1)
    labels = torch.arange(1, 8).expand(3, -1)
    theirs = functional.ctc_loss(with_blank, labels, frames, tokens, reduction="none")
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-4)
    mine, its = (torch.autograd.grad((loss * torch.tensor([1.0, 2.0, 3.0])).sum(), values, retain_graph=True)[0]
                 for loss in (ours, theirs))
    torch.testing.assert_close(mine, its, rtol=1e-3, atol=1e-4)


def test_its_gradient_with_optional_tokens_is_right() -> None:
    torch.manual_seed(1)
    values = torch.randn(2, 7, 5)
    optional = torch.tensor([[True, False, True, False, True], [False, True, False, True, False]])
    arguments = torch.tensor([7, 6]), torch.tensor([5, 5]), optional
    tracked = values.clone().requires_grad_(True)
    forward_sum(tracked, *arguments).sum().backward()
    for place in ((0, 3, 2), (1, 0, 0), (1, 6, 4), (0, 6, 4)):
        step = torch.zeros_like(values)
        step[place] = 1e-2
        slope = (forward_sum(values + step, *arguments) - forward_sum(values - step, *arguments)).sum() / 2e-2
        assert float(tracked.grad[place]) == pytest.approx(float(slope), abs=2e-3)


def test_padding_changes_nothing() -> None:
    torch.manual_seed(2)
    values, optional = torch.randn(1, 9, 4), torch.zeros(1, 4, dtype=torch.bool)
    padded = functional.pad(values, (0, 3, 0, 5), value=7.0)
    more = functional.pad(optional, (0, 3))
    sizes = torch.tensor([9]), torch.tensor([4])
    torch.testing.assert_close(forward_sum(padded, *sizes, more), forward_sum(values, *sizes, optional))


def test_a_known_path_is_found() -> None:
    truth = np.array([3, 1, 0, 6, 2, 9, 4])
    optional = np.array([False, False, True, False, False, True, False])
    path = np.repeat(np.arange(7), truth)
    log_p = np.full((path.size, 7), -3.0, np.float32)
    log_p[np.arange(path.size), path] = 0
    assert durations(log_p, optional).tolist() == truth.tolist()


def test_too_few_frames_are_refused_and_cost_much() -> None:
    with pytest.raises(ValueError, match="2 frames are too few for 3 tokens"):
        durations(np.zeros((2, 3), np.float32), np.zeros(3, bool))
    none = forward_sum(torch.zeros(1, 2, 3), torch.tensor([2]), torch.tensor([3]), torch.zeros(1, 3, dtype=torch.bool))
    assert float(none) > 1e8


# The prior


@pytest.mark.parametrize(("frames", "tokens"), [(1, 1), (5, 1), (30, 30), (280, 30), (900, 160)])
@pytest.mark.parametrize("sharpness", [0.05, 1.0, 3.0])
def test_every_frame_of_the_prior_sums_to_one(frames: int, tokens: int, sharpness: float) -> None:
    np.testing.assert_allclose(np.exp(log_prior(frames, tokens, sharpness)).sum(axis=1), 1, atol=2e-4)


def test_the_prior_is_the_beta_binomial_distribution() -> None:
    frames, tokens = 40, 9
    rows = range(1, frames + 1)
    expected = [[betabinom.logpmf(j, tokens - 1, i, frames + 1 - i) for j in range(tokens)] for i in rows]
    np.testing.assert_allclose(log_prior(frames, tokens), expected, atol=1e-4)


def test_the_prior_is_as_sure_of_the_end_as_of_the_start() -> None:
    prior = np.exp(log_prior(280, 30))
    assert prior[-1, -1] == pytest.approx(0.906, abs=0.001)
    np.testing.assert_allclose(prior, prior[::-1, ::-1], atol=1e-5)

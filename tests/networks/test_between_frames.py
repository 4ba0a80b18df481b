"""Values of frames at the steps between them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vocolab.networks.frame_rate import between_frames

FRAMES = [0.0, 8.0, -8.0]
WANTED = {
    1.5: [0, 0, 1, 3, 5, 7, 6, 2, -2, -6, -8, -8],  # the middle of a frame's four steps
    0.0: [0, 2, 4, 6, 8, 4, 0, -4, -8, -8, -8, -8],  # its first step
    -0.5: [1, 3, 5, 7, 6, 2, -2, -6, -8, -8, -8, -8],  # half a step before
    3.0: [0, 0, 0, 0, 2, 4, 6, 8, 4, 0, -4, -8],  # its last step
    4.0: [0, 0, 0, 0, 0, 2, 4, 6, 8, 4, 0, -4],
    -1.0: [2, 4, 6, 8, 4, 0, -4, -8, -8, -8, -8, -8],
}


@pytest.mark.parametrize("centre", WANTED)
def test_exact_values(centre: float) -> None:
    assert between_frames(torch.tensor(FRAMES), 4, centre).tolist() == WANTED[centre]


@pytest.mark.parametrize(("steps", "centre"), [(1, 0.0), (1, -0.5), (5, 2.0), (256, 127.5), (300, 0.0), (300, -0.5)])
def test_they_lie_on_lines_between_the_centres(steps: int, centre: float) -> None:
    values = np.random.default_rng(0).uniform(-10, 2, (2, 3, 7))
    places = (np.arange(7 * steps) - centre) / steps
    wanted = [[np.interp(places, np.arange(7), row) for row in rows] for rows in values]
    np.testing.assert_allclose(between_frames(torch.from_numpy(values), steps, centre), wanted, rtol=0, atol=1e-12)
    single = between_frames(torch.from_numpy(values).float(), steps, centre)
    assert single.dtype == torch.float32
    np.testing.assert_allclose(single, wanted, rtol=0, atol=5e-6)


def test_one_step_at_its_centre_is_the_frame_itself() -> None:
    values = torch.randn(2, 3, 5)
    assert torch.equal(between_frames(values, 1, 0.0), values)


def test_a_single_frame_is_level() -> None:
    assert between_frames(torch.tensor([[3.0]]), 4, 1.5).tolist() == [[3.0] * 4]

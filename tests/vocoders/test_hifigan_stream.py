"""HiFi-GAN's layers over a stream give what one pass gives, however the frames come."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from vocolab.mels.conventions import convention  # noqa: E402
from vocolab.networks.weights import network_tensors  # noqa: E402
from vocolab.options import Options  # noqa: E402
from vocolab.voice import Voice  # noqa: E402
from vocolab_hifigan.config import HifiGanConfig  # noqa: E402
from vocolab_hifigan.generator import HifiGanGenerator  # noqa: E402
from vocolab_hifigan.vocoder import HifiGan  # noqa: E402

SPEC, FRAMES = convention("hifigan-22k"), 20
SMALL: dict[str, Any] = {
    "upsample_rates": [8, 8, 4], "upsample_kernel_sizes": [16, 18, 4], "upsample_initial_channel": 8,
    "resblock_kernel_sizes": [3, 5], "resblock_dilation_sizes": [[1, 3], [1, 2]],
}
ISTFT = {
    "upsample_rates": [8, 8], "upsample_kernel_sizes": [16, 16], "gen_istft_n_fft": 16, "gen_istft_hop_size": 4,
    "gen_istft_padding": "same",
}


def small(**changes: Any) -> HifiGan:
    torch.manual_seed(0)
    config = HifiGanConfig(**{**SMALL, **changes})
    tensors = network_tensors(HifiGanGenerator(config, SPEC))
    return HifiGan(Options(), Voice("hifigan", config.model_dump(), SPEC, tensors))


@pytest.mark.parametrize("changes", [{}, {"resblock": "2"}, ISTFT])
@settings(max_examples=4, deadline=None)
@given(cuts=st.lists(st.integers(0, FRAMES), max_size=3), frames=st.integers(1, FRAMES))
def test_parts_are_the_whole(changes: dict[str, Any], cuts: list[int], frames: int) -> None:
    vocoder = small(**changes)
    mel = np.random.default_rng(1).uniform(-8, 0, (SPEC.n_mels, frames)).astype(np.float32)
    stream = vocoder.caching()
    assert stream is not None
    edges = sorted({0, frames, *(min(cut, frames) for cut in cuts)})
    parts = [stream.push(mel[:, start:stop]) for start, stop in pairwise(edges)]
    done = sum(part.size for part in parts)
    assert done >= (frames - vocoder.context_frames) * SPEC.hop_samples
    np.testing.assert_allclose(np.concatenate([*parts, stream.finish()]), vocoder.render(mel), atol=1e-5)


def test_what_is_padded_otherwise_has_no_such_stream() -> None:
    assert small(conv_padding="reflect").caching() is None
    assert small(**{**ISTFT, "gen_istft_padding": "left"}).caching() is None

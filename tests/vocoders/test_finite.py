"""What is no number never becomes audio."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vocolab.errors import PluginError
from vocolab.mels.conventions import convention
from vocolab.postfilters.options import PostfilterOptions
from vocolab.rendering import Renderer

SPEC = convention("hifigan-22k")
MEL = np.random.default_rng(0).normal(-5, 1, (80, 40)).astype(np.float32)


class Overflowing:
    """A vocoder that has no number for frame 20."""

    mel_spec = SPEC
    context_frames = 2

    def render(self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0) -> NDArray[np.float32]:
        samples = np.zeros(mel.shape[1] * SPEC.hop_samples, np.float32)
        if first_frame <= 20 < first_frame + mel.shape[1]:
            samples[(20 - first_frame) * SPEC.hop_samples] = np.nan
        return samples


@pytest.mark.parametrize("refine", [0, 1])
def test_nan_is_refused_with_its_time(refine: int) -> None:
    renderer = Renderer(Overflowing(), name="it", chunk_frames=8, postfilters=PostfilterOptions(refine=refine))
    with pytest.raises(PluginError, match=r"NaN or infinity at 0\.[12]\d\d s.*vocolab inspect"):
        renderer(MEL)
    stream = renderer.open()
    with pytest.raises(PluginError, match="NaN or infinity"):
        for start in range(0, 40, 5):
            stream.push(MEL[:, start : start + 5])
        stream.finish()

"""The vocoder as the core opens it: shifted pitch, and what is recommended to do with a rendering."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from harmonic_fakes import small_voice, some_mel

from vocolab.catalog import Catalog
from vocolab.errors import CallError
from vocolab.rendering import open_vocoder


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.installed(no_plugins=True)


def test_a_shifted_pitch_is_not_brought_back_to_the_mel(catalog: Catalog) -> None:
    voice = replace(small_voice(), recommended={"band_gains": 4})
    assert open_vocoder(catalog, voice=voice).postfilters.band_gains == 4
    assert open_vocoder(catalog, voice=voice, values={"pitch_semitones": 2.0}).postfilters.band_gains is None
    with pytest.raises(CallError, match="band_gains"):
        open_vocoder(catalog, voice=voice, values={"pitch_semitones": 2.0, "band_gains": 4})
    with pytest.raises(CallError, match="refine"):
        open_vocoder(catalog, voice=voice, values={"pitch_semitones": 2.0}, refine=4)


def test_streams_with_band_gains_equal_the_whole(catalog: Catalog) -> None:
    renderer = open_vocoder(catalog, voice=replace(small_voice(), recommended={"band_gains": 3}))
    mel = np.clip(some_mel(300), -8, -1)
    whole = renderer(mel, seed=1).samples[0]
    renderer.chunk_frames = 37
    np.testing.assert_allclose(renderer(mel, seed=1).samples[0], whole, atol=2e-5)
    f0 = np.full(300, 140, np.float32)
    assert np.abs(renderer(mel, f0_hz=f0).samples[0] - renderer(mel).samples[0]).max() > 1e-3

"""The convention that is stated decides which voice is taken, and what arrays are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import vocolab
from vocolab.catalog import Catalog
from vocolab.errors import MelMismatch
from vocolab.mels.conventions import convention
from vocolab.mels.convert import convert
from vocolab.mels.mel import Mel
from vocolab.rendering import open_vocoder

HIFIGAN, STUDIO = convention("hifigan-22k"), convention("studio-48k")
LOG10 = replace(HIFIGAN, log_base="10")
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "kathleen.npy"


@pytest.fixture
def mel() -> Mel:
    values: NDArray[np.float32] = np.load(EXAMPLE)
    return Mel(values[:, :60], HIFIGAN)


def test_the_best_voice_is_that_of_the_mels_convention() -> None:
    catalog = Catalog.installed(no_plugins=True)
    assert open_vocoder(catalog, mel_spec=STUDIO).mel_spec == STUDIO
    assert open_vocoder(catalog, "vocos", mel_spec=STUDIO).voice_name.endswith("vocos-48k")
    assert open_vocoder(catalog, "hifigan", mel_spec=STUDIO).voice_name.endswith("hifigan-48k")
    assert open_vocoder(catalog, mel_spec=LOG10).mel_spec == HIFIGAN


def test_where_no_voice_fits_those_that_would_are_named() -> None:
    catalog = Catalog.installed(no_plugins=True)
    with pytest.raises(MelMismatch, match=r"studio-48k.*diffwave.*--voice vocos-48k.*--vocoder griffinlim"):
        open_vocoder(catalog, "diffwave", mel_spec=STUDIO)
    with pytest.raises(MelMismatch, match=r"whisper-16k.*any vocoder.*--vocoder griffinlim"):
        open_vocoder(catalog, mel_spec=convention("whisper-16k"))


def test_arrays_are_converted_from_what_was_stated(mel: Mel) -> None:
    other = convert(mel, LOG10)
    renderer = vocolab.vocoder("vocos", mel_spec=LOG10, refine=0)
    expected = renderer(other).samples
    np.testing.assert_array_equal(renderer(other.values).samples, expected)
    np.testing.assert_array_equal(vocolab.render(other.values, renderer).samples, expected)
    np.testing.assert_array_equal(renderer(mel).samples, vocolab.vocoder("vocos", refine=0)(mel.values).samples)


def test_blocks_are_converted_from_what_was_stated(mel: Mel) -> None:
    other = convert(mel, LOG10)
    renderer = vocolab.vocoder("vocos", mel_spec=LOG10, refine=0)
    stream = renderer.open()
    parts = [stream.push(other.values[:, :25]), stream.push(other.values[:, 25:]), stream.finish()]
    np.testing.assert_allclose(np.concatenate(parts)[None], renderer(other).samples, atol=1e-5)


def test_what_cannot_be_converted_is_refused_before_a_mel_comes() -> None:
    with pytest.raises(MelMismatch, match="pwg-22k"):
        vocolab.vocoder("vocos", voice="vocos-22k", mel_spec="pwg-22k")

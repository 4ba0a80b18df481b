"""Which vocoder and which voice a call means."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vocolab.catalog import Catalog
from vocolab.errors import CheckpointError, MelError, MelMismatch, NoVoice, PluginError, UnknownName
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.plugins.host import PluginHost
from vocolab.rendering import Renderer, open_vocoder
from vocolab.voice import Voice

SPEC = convention("hifigan-22k")


class TooShort:
    """A vocoder that breaks its promise of exact lengths."""

    mel_spec = SPEC
    context_frames = 2

    def render(self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0) -> NDArray[np.float32]:
        return np.zeros(mel.shape[1] * SPEC.hop_samples - 1, np.float32)


def test_nothing_named_means_the_best_voice() -> None:
    catalog = Catalog.installed(no_plugins=True)
    best = catalog.voices.best()
    assert best is not None
    renderer = open_vocoder(catalog)
    assert renderer.name == best.spec.model
    assert renderer.voice_name == best.qualified


def test_a_voice_file_names_its_vocoder(tmp_path: Path) -> None:
    catalog = Catalog.installed(no_plugins=True)
    catalog.voices.load("vocos-22k").save(tmp_path / "mine.safetensors")
    assert open_vocoder(catalog, voice=tmp_path / "mine.safetensors").name == "vocos"
    with pytest.raises(CheckpointError, match="'vocos'"):
        open_vocoder(catalog, "hifigan", tmp_path / "mine.safetensors")


def test_without_weights_a_vocoder_stops_and_says_so() -> None:
    empty = Catalog(PluginHost(entries=[]))
    with pytest.raises(NoVoice, match="vocolab convert"):
        open_vocoder(empty)
    with pytest.raises(UnknownName, match="hifigan"):
        open_vocoder(empty, "hifigan")


def test_a_voice_of_other_sizes_is_refused() -> None:
    voice = Catalog.installed(no_plugins=True).voices.load("vocos-22k")
    wrong = Voice("vocos", {**voice.config, "dim": 128}, voice.mel_spec, voice.tensors)
    with pytest.raises(CheckpointError, match="does not fit its config"):
        open_vocoder(Catalog.installed(no_plugins=True), voice=wrong)


def test_a_vocoder_that_gives_another_length_is_named() -> None:
    with pytest.raises(PluginError, match="too-short: gave"):
        Renderer(TooShort(), name="too-short")(np.random.default_rng(0).normal(-5, 1, (80, 30)).astype(np.float32))


def test_arrays_in_either_order_render_alike_and_wrong_ones_do_not() -> None:
    renderer = open_vocoder(Catalog.installed(no_plugins=True), "vocos")
    mel = Mel.load(Path(__file__).resolve().parents[2] / "examples" / "kathleen.npy", SPEC)
    notes: list[str] = []
    renderer.on_note = notes.append
    np.testing.assert_array_equal(renderer(mel.values.T).samples, renderer(mel).samples)
    assert notes
    with pytest.raises(MelMismatch):
        renderer(np.random.default_rng(0).random((80, 50)).astype(np.float32))
    with pytest.raises(MelError):
        renderer(np.zeros((79, 50), np.float32))

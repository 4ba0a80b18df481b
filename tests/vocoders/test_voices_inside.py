"""The voices that ship: small, described, and good enough to be understood."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soxr

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel
from vocolab.metrics import pesq_wb, stoi
from vocolab.rendering import Renderer, open_vocoder

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LARGEST_MB = {"vocos-22k": 8.0, "hifigan-22k": 2.5}
# Means over the validation prompts, and how far another speaker's STOI may be below.
FLOORS = {"vocos-22k": (2.4, 0.955), "hifigan-22k": (1.9, 0.93)}
OTHER_SPEAKER_STOI = 0.06


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.installed(no_plugins=True)


@pytest.mark.parametrize("name", LARGEST_MB)
def test_a_voice_is_small_and_says_what_it_is(name: str, catalog: Catalog) -> None:
    source = catalog.voices.get(name).spec.file
    assert isinstance(source, Path)
    assert source.stat().st_size < LARGEST_MB[name] * 1e6
    voice = catalog.voices.load(name)
    assert voice.mel_spec == convention("hifigan-22k")
    assert all(tensor.dtype == np.float16 for tensor in voice.tensors.values())
    for key in ("licence", "trained_on", "steps", "validation", "recipe"):
        assert voice.provenance[key], key


def test_the_default_is_the_voice_of_the_better_figures(catalog: Catalog) -> None:
    best = catalog.voices.best()
    assert best is not None
    figures = {name: catalog.voices.load(name).provenance["validation"]["pesq_wb"] for name in LARGEST_MB}
    assert best.spec.name == max(figures, key=lambda name: figures[name])


@pytest.mark.parametrize("name", LARGEST_MB)
@pytest.mark.parametrize("example", ["kathleen", "ljspeech"])
def test_an_example_comes_back_as_the_mel_that_it_was(name: str, example: str, catalog: Catalog) -> None:
    renderer = open_vocoder(catalog, voice=name)
    mel = Mel.load(EXAMPLES / f"{example}.npy", renderer.mel_spec)
    rendered = renderer(mel)
    assert rendered.n_samples == mel.frames * 256
    assert 0.02 < np.abs(rendered.samples).max() <= 1.2
    again = extract(rendered, renderer.mel_spec).values
    assert np.abs(again - mel.values).mean() < 0.5


@pytest.mark.parametrize("name", LARGEST_MB)
def test_silence_is_rendered_as_silence(name: str, catalog: Catalog) -> None:
    renderer = open_vocoder(catalog, voice=name)
    silence = np.full((80, 200), renderer.mel_spec.silence, np.float32)
    level = np.sqrt(np.mean(renderer(silence).samples ** 2))
    assert 20 * np.log10(level + 1e-12) < -60


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOORS)
def test_validation_prompts_reach_the_floors(name: str, catalog: Catalog, shared: Path) -> None:
    corpus = shared / "data" / "kathleen"
    prompts = (corpus / "validation.txt").read_text().split()[:16]
    renderer = open_vocoder(catalog, voice=name)
    pesq, own_stoi = judged(renderer, [corpus / "flac" / f"{prompt}.flac" for prompt in prompts])
    _, other_stoi = judged(renderer, sorted((shared / "data" / "ljspeech").glob("*.flac"))[:6])
    assert pesq >= FLOORS[name][0]
    assert own_stoi >= FLOORS[name][1]
    assert other_stoi >= FLOORS[name][1] - OTHER_SPEAKER_STOI


def judged(renderer: Renderer, paths: list[Path]) -> tuple[float, float]:
    rows = []
    for path in paths:
        recording = Audio.load(path)
        samples = soxr.resample(recording.samples[0], recording.sample_rate, renderer.sample_rate)
        reference = Audio.mono(samples, renderer.sample_rate)
        rendered = renderer(extract(reference, renderer.mel_spec))
        rows.append((pesq_wb(reference, rendered), stoi(reference, rendered)))
    pesq, own_stoi = np.mean(rows, axis=0)
    return float(pesq), float(own_stoi)

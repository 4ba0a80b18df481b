"""The voices that ship: small, described, and good enough to be understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel
from vocolab.metrics import pesq_wb, stoi
from vocolab.metrics.noise import NoiseSums, noise_stretches, noise_sums
from vocolab.rendering import Renderer, open_vocoder

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@dataclass(frozen=True)
class Promise:
    """What a voice inside is held to: means of PESQ-WB and STOI over validation prompts, as it comes and as it
    recommends."""

    convention: str
    largest_mb: float
    bare: tuple[float, float]
    recommended: tuple[float, float]


PROMISES = {
    "vocos-22k": Promise("hifigan-22k", 8.0, (2.8, 0.965), (3.2, 0.98)),
    "hifigan-22k": Promise("hifigan-22k", 2.5, (2.3, 0.95), (3.2, 0.98)),
    "hifigan-v2": Promise("hifigan-22k", 2.5, (1.2, 0.87), (2.5, 0.97)),
    "vocos-48k": Promise("studio-48k", 10.0, (2.5, 0.96), (3.0, 0.98)),
    "hifigan-48k": Promise("studio-48k", 3.0, (1.5, 0.92), (2.8, 0.975)),
    "diffwave-22k": Promise("hifigan-22k", 3.0, (1.8, 0.94), (3.0, 0.975)),
    "waveglow-22k": Promise("hifigan-22k", 12.0, (1.2, 0.88), (2.5, 0.97)),
}
OTHER_SPEAKER_STOI = 0.06
"""How far another speaker's STOI may be below the voice's own: as promised, or with postfilters as measured."""
MOST_REPEATED = 0.15
"""Of the noise above 4 kHz, one to four hops later."""
WHEEL_MB = 90.0


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.installed(no_plugins=True)


@pytest.fixture(scope="module", params=["kathleen", "ljspeech"])
def speech(request: pytest.FixtureRequest, catalog: Catalog) -> Audio:
    """An example, spoken by the default voice."""
    speak = open_vocoder(catalog, voice="vocos-22k")
    return speak(Mel.load(EXAMPLES / f"{request.param}.npy", speak.mel_spec))


@pytest.mark.parametrize("name", PROMISES)
def test_a_voice_is_small_and_says_what_it_is(name: str, catalog: Catalog) -> None:
    source = catalog.voices.get(name).spec.file
    assert isinstance(source, Path)
    assert source.stat().st_size < PROMISES[name].largest_mb * 1e6
    voice = catalog.voices.load(name)
    assert voice.mel_spec == convention(PROMISES[name].convention)
    assert all(tensor.dtype == np.float16 for tensor in voice.tensors.values())
    for key in ("licence", "trained_on", "steps", "validation", "recipe"):
        assert voice.provenance[key], key
    assert voice.recommended["fresh_noise"] and voice.recommended["band_gains"] > 0


def test_all_voices_together_fit_into_the_wheel(catalog: Catalog) -> None:
    files = [entry.spec.file for entry in catalog.voices.entries()]
    assert {entry.name for entry in catalog.voices.entries()} >= set(PROMISES)
    assert sum(file.stat().st_size for file in files if isinstance(file, Path)) < WHEEL_MB * 1e6


@pytest.mark.parametrize("name", PROMISES)
def test_speech_comes_back_as_the_mel_that_it_was(name: str, speech: Audio, catalog: Catalog) -> None:
    renderer = open_vocoder(catalog, voice=name)
    mel = extract(speech.mono_at(renderer.sample_rate), renderer.mel_spec)
    rendered = renderer(mel)
    assert rendered.n_samples == mel.frames * renderer.mel_spec.hop_samples
    assert 0.02 < np.abs(rendered.samples).max() <= 1.2
    again = extract(rendered, renderer.mel_spec).values
    assert np.abs(again - mel.values).mean() < 0.5


@pytest.mark.parametrize("name", PROMISES)
def test_silence_is_rendered_as_silence(name: str, catalog: Catalog) -> None:
    renderer = open_vocoder(catalog, voice=name)
    spec = renderer.mel_spec
    silence = np.full((spec.n_mels, 200), spec.silence, np.float32)
    level = np.sqrt(np.mean(renderer(silence).samples ** 2))
    assert 20 * np.log10(level + 1e-12) < -60


@pytest.mark.slow
@pytest.mark.parametrize("refine", [0, None], ids=["bare", "as recommended"])
@pytest.mark.parametrize("name", PROMISES)
def test_validation_prompts_reach_the_floors(name: str, refine: int | None, catalog: Catalog, shared: Path) -> None:
    corpus = shared / "data" / "kathleen"
    prompts = (corpus / "validation.txt").read_text().split()[:8]
    renderer = open_vocoder(catalog, voice=name, refine=refine)
    floor = PROMISES[name].bare if refine == 0 else PROMISES[name].recommended
    own = judged(renderer, [corpus / "flac" / f"{prompt}.flac" for prompt in prompts])
    assert own.pesq_wb >= floor[0]
    assert own.stoi >= floor[1]
    if refine is None:
        assert own.noise.seconds > 2 and own.noise.repetition <= MOST_REPEATED
    other = judged(renderer, sorted((shared / "data" / "ljspeech").glob("*.flac")))
    assert other.stoi >= (floor[1] if refine == 0 else own.stoi) - OTHER_SPEAKER_STOI


@dataclass(frozen=True)
class Judged:
    """Means over clips, and the sums of their noise."""

    pesq_wb: float
    stoi: float
    noise: NoiseSums


def judged(renderer: Renderer, paths: list[Path]) -> Judged:
    rows, noise = [], NoiseSums()
    hop_s = renderer.mel_spec.hop_samples / renderer.sample_rate
    for path in paths:
        recording = Audio.load(path).mono_at(renderer.sample_rate)
        rendered = renderer(extract(recording, renderer.mel_spec))
        rows.append((pesq_wb(recording, rendered), stoi(recording, rendered)))
        noise = noise + noise_sums(rendered, noise_stretches(recording, hop_s), hop_s)
    pesq, own_stoi = np.mean(rows, axis=0)
    return Judged(float(pesq), float(own_stoi), noise)

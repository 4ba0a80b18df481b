"""What is measured of one rendered clip beside its recording."""

from __future__ import annotations

import atexit
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.bench.bands import band_powers, centres_hz, level_above_db
from vocolab.bench.clip_figures import ClipFigures
from vocolab.bench.judges.client import Judges
from vocolab.errors import AudioError, DependencyMissing
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec
from vocolab.metrics import MEASURES, Measure
from vocolab.metrics.noise import UPPER_BAND_HZ, NoiseSums, noise_stretches, noise_sums
from vocolab.rendering import Renderer

_MOST_APART_S = 0.1
"""In length of a rendering and its recording: some hops and what toolkits pad."""


@dataclass(frozen=True)
class Extras:
    """What is measured besides, where it was asked for."""

    dnsmos: bool = False
    judges: bool = False
    """DistillMOS, and how alike the speakers are."""


NO_EXTRAS = Extras()


def check_measures(extras: Extras = NO_EXTRAS) -> None:
    """Find out whether everything can be measured, before long work begins.

    Raises:
        DependencyMissing: without the extra `metrics`, or what `extras` needs.
    """
    try:
        import pesq
        import pystoi
    except ModuleNotFoundError as error:
        raise DependencyMissing("quality is measured by the packages pesq and pystoi: pip install 'vocolab[metrics]'"
                                ) from error
    del pesq, pystoi
    if extras.dnsmos:
        from vocolab.bench.dnsmos import check_dnsmos

        check_dnsmos()
    if extras.judges:
        from vocolab.bench.judges.environment import judges_python

        judges_python()


def measure_recording(path: Path, hop_s: float, *, extras: Extras, paired: bool) -> ClipFigures:
    """The recording against itself, the top of the scales, where `paired`: that is nearly the same for every clip.

    `hop_s` is that of the mels that the other rows are made from.
    """
    recording = Audio.load(path)
    mono = recording.mono_at(recording.sample_rate)
    figures, problems = _compare(mono, mono, MEASURES if paired else {})
    _judge(mono, mono, extras, figures, problems)
    noise = _noise(mono, mono, hop_s, recording.sample_rate)
    return ClipFigures(path.stem, figures, audio_s=recording.seconds, noise=noise[0], upper_noise=noise[1],
                       problems=tuple(problems))


def measure_rendering(renderer: Renderer, path: Path, *, extras: Extras, warm_up: bool) -> ClipFigures:
    """The clip in `path` as `renderer` makes it from its mel.

    Raises:
        AudioError: if the file can't be read.
    """
    recording = Audio.load(path)
    reference = recording.mono_at(renderer.mel_spec.sample_rate)
    mel = extract(reference, renderer.mel_spec)
    if warm_up:
        renderer(mel)
    started = time.process_time()
    rendered = renderer(mel)
    cpu_s = time.process_time() - started
    return replace(_figures(path.stem, reference, rendered, mel, recording.sample_rate, extras), cpu_s=cpu_s)


def measure_file(file: Path, spec: MelSpec, path: Path, *, extras: Extras) -> ClipFigures:
    """What somebody else rendered of the clip in `path`, at the rate of `spec`, whose hop and mel it is measured by.

    Raises:
        AudioError: if a file can't be read, or the two do not last as long.
    """
    recording, given = Audio.load(path), Audio.load(file)
    if abs(given.seconds - recording.seconds) > _MOST_APART_S:
        raise AudioError(f"lasts {given.seconds:.2f} s and its recording {recording.seconds:.2f} s; files are compared "
                         "sample by sample and have to lie as their recordings do", about=file)
    reference, rendered = (audio.mono_at(spec.sample_rate) for audio in (recording, given))
    return _figures(path.stem, reference, rendered, extract(reference, spec), recording.sample_rate, extras)


def _figures(
    name: str, reference: Audio, rendered: Audio, mel: Mel, recorded_hz: int, extras: Extras
) -> ClipFigures:
    spec = mel.spec
    recorded_hz = min(recorded_hz, spec.sample_rate)  # above half of it there is nothing to compare with
    figures, problems = _compare(reference, rendered, MEASURES)
    _judge(reference, rendered, extras, figures, problems)
    figures["mel_l1"] = _mel_distance(mel, rendered)
    if spec.fmax_hz < recorded_hz / 2:
        above = [level_above_db(audio.samples[0], spec.sample_rate, spec.fmax_hz) for audio in (rendered, reference)]
        figures["top_db"] = above[0] - above[1]
    powers = [_powers(audio, recorded_hz) for audio in (reference, rendered)]
    noise = _noise(reference, rendered, spec.hop_samples / spec.sample_rate, recorded_hz)
    return ClipFigures(name, figures, 0.0, rendered.seconds, powers[0], powers[1], noise[0], noise[1], tuple(problems))


def _compare(
    recorded: Audio, rendered: Audio, measures: Mapping[str, Measure]
) -> tuple[dict[str, float], list[str]]:
    figures: dict[str, float] = {}
    problems: list[str] = []
    for name, measure in measures.items():
        try:
            value = measure(recorded, rendered)
        except AudioError as error:
            problems.append(f"{name}: {error}")
        else:
            if np.isfinite(value):
                figures[name] = value
            else:
                problems.append(f"{name}: gave {value}")
    return figures, problems


def _judge(recorded: Audio, rendered: Audio, extras: Extras, figures: dict[str, float], problems: list[str]) -> None:
    """Add what the judges say of a rendering; of a recording, which is given as both, not whether it is like itself."""
    if extras.dnsmos:
        from vocolab.bench.dnsmos import dnsmos

        figures["dnsmos"] = dnsmos(rendered)
    if extras.judges:
        try:
            figures["distillmos"] = _judges().distillmos(rendered)
            if rendered is not recorded:
                figures["speaker_similarity"] = _judges().speaker_similarity(recorded, rendered)
        except AudioError as error:
            problems.append(f"judges: {error}")


@lru_cache(maxsize=1)
def _judges() -> Judges:
    """Those of this process, until it ends."""
    judges = Judges()
    atexit.register(judges.close)
    return judges


def _noise(recorded: Audio, rendered: Audio, hop_s: float, recorded_hz: int) -> tuple[NoiseSums, NoiseSums]:
    """Above 4 kHz, and above 8 kHz where the recording has something to compare with there."""
    stretches = noise_stretches(recorded, hop_s)
    lower = noise_sums(rendered, stretches, hop_s)
    has_upper = recorded_hz >= 2 * UPPER_BAND_HZ[1]
    return lower, noise_sums(rendered, stretches, hop_s, UPPER_BAND_HZ) if has_upper else NoiseSums()


def _mel_distance(mel: Mel, rendered: Audio) -> float:
    """Mean distance of the rendering's own mel from the one it was rendered from, in the convention's units."""
    again = extract(rendered, mel.spec).values[:, : mel.frames]
    return float(np.abs(again - mel.values[:, : again.shape[1]]).mean())


def _powers(audio: Audio, recorded_hz: int) -> tuple[float, ...]:
    """Of the third octaves that a recording at `recorded_hz` has."""
    powers: NDArray[np.float64] = band_powers(audio.samples[0], audio.sample_rate)[: centres_hz(recorded_hz).size]
    return tuple(powers.tolist())

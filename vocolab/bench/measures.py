"""What is measured of one rendered clip beside its recording."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.bench.bands import band_powers, centres_hz, level_above_db
from vocolab.errors import AudioError, DependencyMissing
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel
from vocolab.metrics import MEASURES, Measure
from vocolab.rendering import Renderer


@dataclass(frozen=True)
class ClipFigures:
    """What was measured of one clip."""

    name: str
    figures: dict[str, float]
    """A measure that could not judge the clip is not in it."""
    cpu_s: float = 0.0
    audio_s: float = 0.0
    recorded: tuple[float, ...] = ()
    """Power of the recording in each third octave that it has, from the lowest on."""
    rendered: tuple[float, ...] = ()
    problems: tuple[str, ...] = field(default_factory=tuple)


def check_measures() -> None:
    """Find out whether everything can be measured, before long work begins.

    Raises:
        DependencyMissing: without the extra `metrics`.
    """
    try:
        import pesq
        import pystoi
    except ModuleNotFoundError as error:
        raise DependencyMissing("quality is measured by the packages pesq and pystoi: pip install 'vocolab[metrics]'"
                                ) from error
    del pesq, pystoi


def measure_recording(path: Path, *, with_dnsmos: bool, paired: bool) -> ClipFigures:
    """The recording against itself, the top of the scales, where `paired`: that is nearly the same for every clip."""
    recording = Audio.load(path)
    mono = recording.mono_at(recording.sample_rate)
    figures, problems = _compare(mono, mono, with_dnsmos=with_dnsmos, measures=MEASURES if paired else {})
    return ClipFigures(path.stem, figures, audio_s=recording.seconds, problems=tuple(problems))


def measure_rendering(renderer: Renderer, path: Path, *, with_dnsmos: bool, warm_up: bool) -> ClipFigures:
    """The clip in `path` as `renderer` makes it from its mel.

    Raises:
        AudioError: if the file can't be read.
    """
    spec = renderer.mel_spec
    recording = Audio.load(path)
    reference = recording.mono_at(spec.sample_rate)
    recorded_hz = min(recording.sample_rate, spec.sample_rate)  # above half of it there is nothing to compare with
    mel = extract(reference, spec)
    if warm_up:
        renderer(mel)
    started = time.process_time()
    rendered = renderer(mel)
    cpu_s = time.process_time() - started
    figures, problems = _compare(reference, rendered, with_dnsmos=with_dnsmos, measures=MEASURES)
    figures["mel_l1"] = _mel_distance(mel, rendered)
    if spec.fmax_hz < recorded_hz / 2:
        above = [level_above_db(audio.samples[0], spec.sample_rate, spec.fmax_hz) for audio in (rendered, reference)]
        figures["top_db"] = above[0] - above[1]
    powers = [_powers(audio, recorded_hz) for audio in (reference, rendered)]
    return ClipFigures(path.stem, figures, cpu_s, rendered.seconds, powers[0], powers[1], tuple(problems))


def _compare(
    recorded: Audio, rendered: Audio, *, with_dnsmos: bool, measures: Mapping[str, Measure]
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
    if with_dnsmos:
        from vocolab.bench.dnsmos import dnsmos

        figures["dnsmos"] = dnsmos(rendered)
    return figures, problems


def _mel_distance(mel: Mel, rendered: Audio) -> float:
    """Mean distance of the rendering's own mel from the one it was rendered from, in the convention's units."""
    again = extract(rendered, mel.spec).values[:, : mel.frames]
    return float(np.abs(again - mel.values[:, : again.shape[1]]).mean())


def _powers(audio: Audio, recorded_hz: int) -> tuple[float, ...]:
    """Of the third octaves that a recording at `recorded_hz` has."""
    powers: NDArray[np.float64] = band_powers(audio.samples[0], audio.sample_rate)[: centres_hz(recorded_hz).size]
    return tuple(powers.tolist())

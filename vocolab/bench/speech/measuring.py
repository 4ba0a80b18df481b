"""Every talker measured on every prompt: a row for each."""

from __future__ import annotations

import math
import resource
import time
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

import numpy as np

from vocolab.audio import Audio
from vocolab.bench.clip_figures import ClipFigures
from vocolab.bench.rows import Row, make_row
from vocolab.bench.speech.prompts import Prompt
from vocolab.bench.speech.talkers import Spoken, Talker
from vocolab.bench.speech.words import word_errors
from vocolab.errors import AudioError, InputError
from vocolab.metrics.noise import noise_stretches, noise_sums
from vocolab.metrics.warped import warped

CompareDurations: TypeAlias = Callable[[Prompt, Audio], float]
"""How the durations of a prompt's sounds in audio go with those in its recording: a correlation."""
_WARM_UP = "This is said before anything is measured, so that all is loaded."


class Listener(Protocol):
    """What judges speech: `vocolab.bench.judges.client.Judges` is one."""

    def transcript(self, audio: Audio, language: str, model: str = "base") -> str:
        """What it hears."""
        ...

    def distillmos(self, audio: Audio) -> float:
        """The opinion that it predicts."""
        ...


def measure_talker(
    talker: Talker, prompts: Sequence[Prompt], listener: Listener, words_of: Callable[[str], list[str]],
    done: Callable[[str], None] = lambda label: None, keep: Callable[[str, str, Audio], None] | None = None,
    durations: CompareDurations | None = None,
) -> Row:
    """The row of a talker.

    Args:
        talker: Who speaks.
        prompts: What is said; those without a recording are left out if the talker needs one.
        listener: Hears and judges it.
        words_of: The words of a text, so that both sides are spelled alike.
        done: Called after each prompt.
        keep: Called with the talker's label, the prompt's name and the audio.
        durations: How the durations of a prompt's sounds go with the recording's.

    Raises:
        VocolabError: if the talker fails.
    """
    spoken = talker.open()
    if talker.is_timed and not talker.needs_recording:
        for way in filter(None, (spoken, talker.streams)):
            list(way(Prompt("", _WARM_UP)))
    measured = []
    for prompt in prompts:
        if prompt.recording is None and talker.needs_recording:
            continue
        audio, cpu_s = _timed(spoken, prompt)
        figures = _first_sound(talker.streams or spoken, prompt) if talker.is_timed else {}
        if keep is not None:
            keep(talker.label, prompt.name, audio)
        timed_s = cpu_s if talker.is_timed else 0.0
        measured.append(_judged(talker, prompt, audio, figures, timed_s, (listener, words_of, durations)))
        done(talker.label)
    return make_row(talker.label, measured)


def _timed(spoken: Spoken, prompt: Prompt) -> tuple[Audio, float]:
    """All of the audio, and the CPU time that it took, programs that were run included."""
    began_s = _cpu_s()
    stretches = list(spoken(prompt))
    cpu_s = _cpu_s() - began_s
    if not stretches:
        raise AudioError("nothing was said", about=prompt.name)
    joined = np.concatenate([audio.samples.mean(axis=0) for audio in stretches])
    return Audio.mono(joined, stretches[0].sample_rate), cpu_s


def _first_sound(spoken: Spoken, prompt: Prompt) -> dict[str, float]:
    """Milliseconds until the first stretch is there: of the CPU, and of the clock."""
    began_cpu_s, began_s = _cpu_s(), time.perf_counter()
    next(spoken(prompt))
    return {"first_cpu_ms": 1000 * (_cpu_s() - began_cpu_s), "first_ms": 1000 * (time.perf_counter() - began_s)}


def _judged(
    talker: Talker, prompt: Prompt, audio: Audio, figures: dict[str, float], cpu_s: float,
    judged_by: tuple[Listener, Callable[[str], list[str]], CompareDurations | None],
) -> ClipFigures:
    listener, words_of, durations = judged_by
    problems: list[str] = []
    errors = word_errors(words_of(prompt.text), words_of(listener.transcript(audio, "en")))
    ratios = {"wer_percent": (100.0 * errors.all, float(errors.words)),
              "missed_added_percent": (100.0 * (errors.missed + errors.added), float(errors.words))}  # fmt: skip
    try:
        figures["distillmos"] = listener.distillmos(audio)
        if prompt.recording is not None and not (talker.needs_recording and not talker.is_timed):
            found = warped(Audio.load(prompt.recording), audio)
            figures["mcd_dtw_db"] = found.mcd_db
            figures |= _finite("log_f0_rmse", found.log_f0_rmse)
            if durations is not None and not talker.needs_recording:
                figures |= _finite("duration_correlation", durations(prompt, audio))
    except (AudioError, InputError) as error:
        problems.append(str(error))
    noise = noise_sums(audio, noise_stretches(audio, talker.hop_s), talker.hop_s)
    return ClipFigures(prompt.name, figures, cpu_s, audio.seconds, noise=noise, problems=tuple(problems), ratios=ratios)


def _finite(name: str, value: float) -> dict[str, float]:
    return {name: value} if math.isfinite(value) else {}


def _cpu_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime

"""Gross failures of alignments: what no good alignment looks like, found by its times alone.

Errors of some frames hardly harm a voice; sounds that collapsed, that swallowed others, or that were never said do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocolab.alignment.clips import TimedClip

SHORTEST_S = 0.036
"""A sound that lasts no longer may be collapsed: three frames of 11.6 ms. A quarter of good ones do."""
COLLAPSED_SHARE = 0.55
COLLAPSED_RUN = 9
LONGEST_SOUND_S = 0.7
LONGEST_SILENCE_S = 1.5
MOST_SILENCE = 0.5
OUTLYING = 5.0
"""In robust standard deviations (1.4826 times the median absolute deviation) from the corpus' median."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a clip."""

    name: str
    kind: str
    """"collapsed", "stretched", "silence", "rate" or "fit"."""
    text: str


def examine(clips: Sequence[TimedClip]) -> list[Finding]:
    """What is wrong, by clip, those with most findings first. Clips need their `owners`.

    "rate" and "fit" compare a clip with the others of its speaker, and need 10 of them.
    """
    found = [finding for clip in clips for finding in _of_one(clip)]
    for speaker in dict.fromkeys(clip.speaker for clip in clips):
        alike = [clip for clip in clips if clip.speaker == speaker]
        found += _outliers(alike, "rate", rate_hz, "{:.1f} sounds a second, the median is {:.1f}", low_only=False)
        fitted = [clip for clip in alike if clip.fit is not None]
        found += _outliers(fitted, "fit", lambda clip: clip.fit or 0.0, "the sounds fit by {:.2f} nats, the median is "
                           "{:.2f}: is the text what is said?", low_only=True)
    counts = {clip.name: sum(finding.name == clip.name for finding in found) for clip in clips}
    return sorted(found, key=lambda finding: (-counts[finding.name], finding.name))


def rate_hz(clip: TimedClip) -> float:
    """Sounds a second, pauses left out."""
    seconds = np.array(clip.seconds)[clip.sounds]
    return float(seconds.size / max(seconds.sum(), 1e-6))


def _of_one(clip: TimedClip) -> Iterator[Finding]:
    seconds, sounds = np.array(clip.seconds), clip.sounds
    short = sounds & (seconds <= SHORTEST_S)
    share, run = float(short.sum() / max(sounds.sum(), 1)), _longest_run(short[sounds])
    if share > COLLAPSED_SHARE or run >= COLLAPSED_RUN:
        yield Finding(clip.name, "collapsed", f"{100 * share:.0f} % of its sounds last {1000 * SHORTEST_S:.0f} ms at "
                      f"most, {run} in a row")
    longest = int(np.argmax(np.where(sounds, seconds, 0)))
    if seconds[longest] > LONGEST_SOUND_S:
        yield Finding(clip.name, "stretched", f"{clip.symbols[longest]} lasts {seconds[longest]:.2f} s at "
                      f"{clip.starts_s[longest]:.2f} s")
    silent = seconds * ~sounds
    if silent.max() > LONGEST_SILENCE_S or silent.sum() > MOST_SILENCE * seconds.sum():
        yield Finding(clip.name, "silence", f"{silent.sum():.2f} of {seconds.sum():.2f} s are silent, "
                      f"{silent.max():.2f} s on end")


def _longest_run(flags: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return int((edges[1::2] - edges[::2]).max()) if edges.size else 0


def _outliers(
    clips: Sequence[TimedClip], kind: str, measure: Callable[[TimedClip], float], text: str, *, low_only: bool
) -> list[Finding]:
    if len(clips) < 10:
        return []
    values = np.array([measure(clip) for clip in clips])
    median = float(np.median(values))
    spread = max(1.4826 * float(np.median(np.abs(values - median))), 1e-9)
    apart = (median - values) / spread
    wrong = apart > OUTLYING if low_only else np.abs(apart) > OUTLYING
    return [Finding(clip.name, kind, text.format(value, median))
            for clip, value, is_wrong in zip(clips, values, wrong, strict=True) if is_wrong]

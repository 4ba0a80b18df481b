"""How far two alignments of the same clips are apart: at the starts and ends of sounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vocolab.alignment.clips import TimedClip
from vocolab.errors import CorpusError

FAR_MS = 100.0


@dataclass(frozen=True)
class Distance:
    """Figures over all boundaries of all clips that both have."""

    clips: int
    boundaries: int
    median_ms: float
    """Of the absolute differences."""
    p90_ms: float
    far_percent: float
    """Share of boundaries that are more than 100 ms apart."""
    bias_ms: float
    """Median of what the first is later by."""
    differing: int
    """Clips that are left out, since their sounds are not the same."""

    def __str__(self) -> str:
        left = f"; {self.differing} clips with other sounds left out" if self.differing else ""
        return (f"{self.clips} clips, {self.boundaries} boundaries: median {self.median_ms:.1f} ms, 90 % within "
                f"{self.p90_ms:.1f} ms, {self.far_percent:.2f} % over {FAR_MS:g} ms, bias {self.bias_ms:+.1f} ms{left}")


def compare(ours: Sequence[TimedClip], theirs: Sequence[TimedClip]) -> Distance:
    """The distance of `ours` from `theirs`; stress is not compared, and neither are pauses.

    Raises:
        CorpusError: if they have no clip with the same sounds in common.
    """
    known = {clip.name: clip for clip in theirs}
    apart, clips, differing = list[float](), 0, 0
    for clip in ours:
        other = known.get(clip.name)
        if other is None:
            continue
        mine, its = _times(clip), _times(other)
        if [name for name, _, _ in mine] != [name for name, _, _ in its]:
            differing += 1
            continue
        clips += 1
        for (_, start, end), (_, its_start, its_end) in zip(mine, its, strict=True):
            apart += [start - its_start, end - its_end]
    if not apart:
        raise CorpusError(f"none of the {len(ours)} clips has the same sounds in both alignments; {differing} have "
                          "others")
    errors = 1000 * np.array(apart)
    return Distance(
        clips, errors.size, float(np.median(np.abs(errors))), float(np.percentile(np.abs(errors), 90)),
        100 * float((np.abs(errors) > FAR_MS).mean()), float(np.median(errors)), differing,
    )


def _times(clip: TimedClip) -> list[tuple[str, float, float]]:
    """The sounds with their starts and ends in seconds."""
    return [(name.rstrip("012"), float(start), float(end))
            for name, start, end in zip(clip.symbols, clip.starts_s, clip.ends_s, strict=True) if _is_sound(name)]


def _is_sound(symbol: str) -> bool:
    """Phonemes are in capitals, boundaries and pauses are not."""
    return symbol[:1].isupper()

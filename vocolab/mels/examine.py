"""Examines an array that may be a mel: how it lies, what it is like, and which conventions it may be of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from os import PathLike
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vocolab.mels.bands import better_bands
from vocolab.mels.convention_files import Convention
from vocolab.mels.conventions import conventions, spelled
from vocolab.mels.evidence import ceiling_of, doubt, evidence_against, evidence_for, floor_of
from vocolab.mels.facts import Facts, facts_of
from vocolab.mels.guesses import guess
from vocolab.mels.pitch_track import PitchFacts, checked_f0, pitch_facts
from vocolab.mels.spec import MelSpec
from vocolab.mels.storage import read_array
from vocolab.mels.values import band_axis_evidence, floats, settle

Verdict = Literal["likely", "possible", "unlikely", "ruled out"]
_VERDICTS = ("likely", "possible", "unlikely", "ruled out")


@dataclass(frozen=True)
class Candidate:
    """A convention that has as many bands as the array, and what its numbers say to that."""

    name: str
    summary: str
    verdict: Verdict
    seconds: float
    """How long the audio is, if the mel is of this convention."""
    evidence_for: tuple[str, ...]
    evidence_against: tuple[str, ...]


@dataclass(frozen=True)
class Examination:
    """What there is to know about an array that may be a mel."""

    shape: tuple[int, ...]
    dtype: str
    axis_order: str
    """"(n_mels, frames)" or "(frames, n_mels)", and why."""
    facts: Facts
    stated: str
    """The convention that the file states, in words; empty for a bare array."""
    looks_like: str
    """What the numbers look like, where something stands out."""
    candidates: tuple[Candidate, ...]
    """The likely first."""
    f0: PitchFacts | None = None
    """Of the F0 beside the mel, where there is one."""

    def to_dict(self) -> dict[str, Any]:
        """All of it, as JSON knows it."""
        return asdict(self)

    def lines(self) -> list[str]:
        """All of it, for people to read."""
        facts = self.facts
        text = [
            f"shape        {self.shape}, {self.dtype}",
            f"axis order   {self.axis_order}",
            f"size         {facts.n_mels} bands, {facts.frames} frames",
            f"values       {facts.span}, mean {facts.mean:.3f}, deviation {facts.std:.3f}",
            f"floor        {_floor_text(facts)}",
        ]
        if self.f0 is not None:
            text.append(f"F0           {self.f0}")
        if self.stated:
            text.append(f"states       {self.stated}")
        if self.looks_like:
            text.append(f"looks like   {self.looks_like}")
        text.append("conventions  " + ("" if self.candidates else f"none that is known has {facts.n_mels} bands"))
        for candidate in self.candidates:
            seconds = f"{candidate.seconds:8.3f} s"
            text.append(f"  {candidate.verdict:<10} {candidate.name:<16} {seconds}  {candidate.summary}")
            text += [f"             + {reason}" for reason in candidate.evidence_for]
            text += [f"             - {reason}" for reason in candidate.evidence_against]
        return text


def examine(
    values: ArrayLike, *, stated: MelSpec | None = None, source: str = "the array", f0_hz: ArrayLike | None = None
) -> Examination:
    """Everything that an array says about itself.

    Args:
        values: (n_mels, frames) or (frames, n_mels), of floating-point numbers.
        stated: The convention that a file states of itself, if it does.
        source: What messages call the array.
        f0_hz: F0 of every frame, 0 where unvoiced, where it is known.

    Raises:
        MelError: if the array can't be a mel: other dimensions, whole numbers, NaN, infinity, nothing in it; if
            `f0_hz` can't be its F0.
    """
    array = np.asarray(values)
    raw = floats(array, source)
    n_mels, why = _bands(raw, stated)
    mel, order = settle(raw, n_mels, source)
    facts = facts_of(mel)
    seen = guess(facts)
    return Examination(
        shape=tuple(int(n) for n in array.shape), dtype=str(array.dtype), axis_order=order + why, facts=facts,
        stated=spelled(stated) if stated else "", looks_like=seen.text if seen else "",
        candidates=_candidates(mel, facts), f0=None if f0_hz is None else _pitch(f0_hz, facts.frames, stated, source),
    )


def examine_file(path: str | PathLike[str]) -> Examination:
    """`examine` for a mel file.

    Raises:
        MelError: if the file is missing or is no mel.
    """
    stored = read_array(path)
    return examine(stored.values, stated=stored.spec, source=str(path), f0_hz=stored.f0_hz)


def _pitch(f0_hz: ArrayLike, frames: int, stated: MelSpec | None, source: str) -> PitchFacts:
    # A bare array states no rate: then nothing known is too high.
    rate = stated.sample_rate if stated else max(known.spec.sample_rate for known in conventions())
    return pitch_facts(checked_f0(f0_hz, frames, rate, source))


def _bands(raw: NDArray[np.float32], stated: MelSpec | None) -> tuple[int, str]:
    """How many bands there are, and what more there is to say on that."""
    if stated is not None:
        return stated.n_mels, ""
    known = {c.spec.n_mels for c in conventions()}
    rows, columns = raw.shape
    found = [length for length in dict.fromkeys((rows, columns)) if length in known]
    if len(found) == 1:
        return found[0], ""
    first = band_axis_evidence(raw) >= 0
    if not found:
        return (rows if first else columns), ", by tilt and roughness; no known convention has that many bands"
    return (rows if first else columns), f"; {found[1] if first else found[0]} would be a number of bands as well"


def _candidates(mel: NDArray[np.float32], facts: Facts) -> tuple[Candidate, ...]:
    found = [_candidate(c, mel, facts) for c in conventions() if c.spec.n_mels == facts.n_mels]
    return tuple(sorted(found, key=lambda candidate: _VERDICTS.index(candidate.verdict)))


def _candidate(known: Convention, mel: NDArray[np.float32], facts: Facts) -> Candidate:
    spec = known.spec
    against, speaks_for, odd = evidence_against(facts, spec), evidence_for(facts, spec), doubt(facts, spec)
    bands = None if against else better_bands(mel, spec)
    if bands is not None:
        against, odd = ([bands.sentence], odd) if bands.is_certain else ([], odd or bands.sentence)
    seconds = facts.frames * spec.hop_samples / spec.sample_rate
    verdict: Verdict = "ruled out" if against else "unlikely" if odd else "likely" if speaks_for else "possible"
    if verdict == "possible":
        speaks_for = [f"values fit its range, {floor_of(spec):.4g} to about {ceiling_of(spec):.2g}"]
    speaks_against = against or ([odd] if odd else [])
    return Candidate(known.name, known.summary, verdict, seconds, tuple(speaks_for), tuple(speaks_against))


def _floor_text(facts: Facts) -> str:
    if facts.floor is None:
        return "none: few values share the minimum"
    return f"{facts.floor:.4f}, at which {facts.floor_count} values stand"



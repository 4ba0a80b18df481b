"""What a mel's numbers look like, whatever they were said to be."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vocolab.mels.facts import WHISPER_SPAN, Facts, is_round, spans_just

_LN10 = math.log(10.0)


@dataclass(frozen=True)
class Guess:
    """What a mel seems to be."""

    text: str
    """Completes "it looks like"."""
    convention: str = ""
    """The convention of that description, or empty."""
    fields: tuple[str, ...] = ()
    """Where it differs from what speech vocoders mostly take, for a guess without a convention."""
    log_base: str = ""
    """The logarithm that was recognised, as `MelSpec.log_base` has it, where nothing else was."""


def guess(facts: Facts) -> Guess | None:
    """What the numbers look like, or None where nothing stands out."""
    if spans_just(facts, WHISPER_SPAN):
        name = {80: "whisper-16k", 128: "whisper-v3-16k"}.get(facts.n_mels, "")
        return Guess("a Whisper mel (its floor stands 2 under its greatest value)", name,
                     ("log_base", "log_gain", "log_offset", "dynamic_range_db"))
    return _guess_by_range(facts) or _guess_by_floor(facts)


def _guess_by_range(facts: Facts) -> Guess | None:
    if facts.is_unit_range:
        return Guess("a DiffWave mel (decibels as 0 to 1)", "diffwave-22k",
                     ("log_base", "log_gain", "log_offset", "clip"))
    if facts.minimum >= 0.0:
        return Guess("linear magnitudes, of which no logarithm was taken", fields=("log_base",), log_base="none")
    if facts.is_normalised:
        return Guess("a mel normalised to mean 0 and deviation 1 (CMVN); undo that with its own statistics, "
                     "value * scale + mean", fields=("mean", "scale"))
    if facts.minimum < -10.1 * _LN10:
        return Guess("decibels; divide by 8.686 for ln, or by 20 for log10", fields=("log_gain",))
    return None


def _guess_by_floor(facts: Facts) -> Guess | None:
    if facts.floor is not None and abs(facts.floor + 4.0) < 1e-3 and facts.maximum <= 4.0:
        return Guess("a mel normalised to -4 ... 4, as Coqui's; undo that first", fields=("log_gain", "log_offset"))
    if is_round(facts.floor, 1.0):
        name = {-5: "melgan-22k", -10: "pwg-22k"}.get(round(facts.floor or 0.0), "")
        return Guess(f"a log10 mel (its floor is {facts.floor:.4g})", name, ("log_base",), "10")
    if is_round(facts.floor, _LN10):
        return Guess(f"an ln mel (its floor is {facts.floor:.4g})", fields=("log_base",), log_base="e")
    return None

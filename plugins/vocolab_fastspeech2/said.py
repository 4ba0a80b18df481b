"""What a network makes of a sentence, whichever network it is."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError
from vocolab_fastspeech2.spoken_form import SpokenForm

_LONGEST_S = 600


class Said(NamedTuple):
    """The frames of a sentence, or of a part of it."""

    mel: NDArray[np.float32]
    """(n_mels, frames), in the voice's convention."""
    durations_frames: NDArray[np.int64]
    """(symbols,)."""
    f0_hz: NDArray[np.float32] | None
    """(frames,), 0 where unvoiced; None where the network predicts no F0 in Hz."""
    energy_db: NDArray[np.float32] | None
    """(symbols,): the level that each symbol was given, without the gain that was asked for."""


class Speaking(Protocol):
    """A network that says sentences."""

    def say(self, form: SpokenForm, speaker: int) -> Said:
        """The frames of a form."""
        ...

    def to(self, device: str) -> None:
        """Run on that device from now on."""
        ...


def check_lengths(lengths: NDArray[np.float64], frame_rate_hz: float) -> None:
    """See that predicted `lengths`, in frames, are those of a sentence.

    Raises:
        CheckpointError: if they are no numbers, or add up to what no sentence lasts.
    """
    if not lengths.clip(0).sum() <= _LONGEST_S * frame_rate_hz:  # NaN is no number and above none
        seconds = lengths.sum() / frame_rate_hz
        raise CheckpointError(f"the voice predicts {seconds:.3g} s for {lengths.size} symbols, and no sentence lasts "
                              f"{_LONGEST_S} s; its weights are damaged, or not trained")


def whole_durations(
    lengths: NDArray[np.float64], form: SpokenForm, frame_rate_hz: float, least: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Frames of each symbol: predicted `lengths` by the asked rate and pauses, then rounded, once.

    The running end is what is rounded, so that errors never add up; then what would be shorter than `least` gets that.

    Raises:
        CheckpointError: as `check_lengths`.
    """
    check_lengths(lengths, frame_rate_hz)
    wanted = np.maximum(lengths, 0) / form.rate
    for place, rest in enumerate(form.rests):
        if rest is not None:
            wanted[place] = rest.times * lengths[place] + rest.more_s * frame_rate_hz
    ends = np.rint(np.cumsum(wanted)).astype(np.int64)
    return np.maximum(np.diff(ends, prepend=0), least)


def least_frames(form: SpokenForm) -> NDArray[np.int64]:
    """The frames that each symbol has at least: one for each sound, and one in all."""
    least = np.array([int(word >= 0) for word in form.words], np.int64)
    least[-1] = max(least[-1], int(not least.any()))
    return least

"""What a model of the kind "aligner" implements, so that `vocolab align` can use it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec

KIND = "aligner"
"""As `ModelSpec.kind` has it."""


class Placement(NamedTuple):
    """Where symbols were placed in a mel."""

    durations_frames: NDArray[np.int64]
    """(symbols,): how many frames each lasts; they add up to those of the mel. Pauses and boundaries may last none."""
    fit: NDArray[np.float32]
    """(frames,): log-likelihood of each frame, in nats, up to a constant."""


class Aligner(Protocol):
    """Built as `Class(options, voice)`."""

    mel_spec: MelSpec
    """The convention of the mels that it takes."""
    language: str
    """Name or tag of the language whose symbols it knows."""

    def place(self, mel: Mel, symbols: Sequence[str]) -> Placement:
        """Place the symbols of a text, from `<s>` to its end, in the mel of a recording of it.

        Raises:
            AudioError: if there are fewer frames than symbols that need one.
        """
        ...

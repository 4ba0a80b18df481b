"""Places the symbols of a text in a recording: what `vocolab align` does with each clip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.alignment.clips import TimedClip
from vocolab.alignment.interfaces import Aligner
from vocolab.alignment.transcript import Transcript
from vocolab.audio import Audio
from vocolab.mels.extract import extract
from vocolab.texts.symbols import SymbolSet


def place_clip(
    aligner: Aligner, known: SymbolSet, clip: tuple[str, Audio], transcript: Transcript, speaker: str = ""
) -> TimedClip:
    """A clip, its name and its audio, with the times of its symbols, which add up to its length.

    Raises:
        AudioError: if the recording is too short for what is said.
    """
    name, audio = clip
    spec = aligner.mel_spec
    counts, fit = aligner.place(extract(audio, spec), transcript.symbols)
    hop_s = spec.hop_samples / spec.sample_rate
    seconds = counts.astype(np.float64) * hop_s
    seconds[-1] = max(0.0, audio.seconds - float(seconds[:-1].sum()))  # less than a hop has no frame
    symbols = _with_pauses(transcript, seconds, known)
    sounds = np.repeat(np.array(transcript.owners) >= 0, counts)
    return TimedClip(
        name, symbols, tuple(seconds.tolist()), transcript.owners, transcript.words, speaker,
        float(fit[sounds].mean()),
    )


def _with_pauses(transcript: Transcript, seconds: NDArray[np.float64], known: SymbolSet) -> tuple[str, ...]:
    """The symbols, each boundary inside named after the silence that is there, whatever the text made of it."""
    last = len(transcript.symbols) - 1
    return tuple(
        symbol if owner >= 0 or at in (0, last) else known.pause(round(1000 * second))
        for at, (symbol, owner, second) in enumerate(
            zip(transcript.symbols, transcript.owners, seconds.tolist(), strict=True))
    )

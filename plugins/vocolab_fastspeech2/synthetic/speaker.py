"""The speaker of the corpus: `hibari-tts` with our phonemes, and what its network knows of the sound."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import DependencyMissing

UNIT_S = 0.025
"""The durations that the graph gives are whole numbers of two of its output frames."""
LAG_S = 0.04
"""Sounds are heard so much before the graph's durations say: with this shift the spectra of a symbol's frames vary
least (58 % of all variance is within symbols; without it 68 %)."""
LONGEST = 480
"""Characters that the network takes at once."""
_DURATIONS = "/Clip_output_0"


class Heard(NamedTuple):
    """Audio with what was said when."""

    audio: NDArray[np.float32]
    """(samples,) at 24 kHz."""
    seconds: NDArray[np.float64]
    """(characters + 2,): how long each is, and the silence before the first and after the last; they add up to the
    length."""


class HibariSpeaker:
    """The voice "heart", which lies in the package.

    Raises:
        DependencyMissing: if the extra `synthetic-corpus` is not installed.
    """

    sample_rate = 24_000

    def __init__(self, seed: int = 0) -> None:
        try:
            import hibari
            import onnx
            from hibari import dsp
        except ImportError as error:
            raise DependencyMissing(
                "the speaker of the corpus needs hibari-tts and onnx: pip install 'vocolab[synthetic-corpus]'"
            ) from error
        self._dsp, self._random = dsp, np.random.default_rng(seed)
        graph = onnx.load(os.path.join(os.path.dirname(hibari.__file__), "assets", "hibari.onnx"))
        graph.graph.output.append(onnx.helper.make_tensor_value_info(_DURATIONS, onnx.TensorProto.FLOAT, None))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "with_durations.onnx"
            onnx.save(graph, path)
            self._voice: Any = hibari.Hibari(model=str(path))

    def say(self, characters: Sequence[str]) -> Heard:
        """Audio of phonemes, and when each of `characters`, several in one piece perhaps, is heard."""
        vocabulary = self._voice.vocab
        ids = [0, *(vocabulary[letter] for piece in characters for letter in piece), 0]
        *parts, units = self._voice.sess.run(
            None, {"ids": np.asarray([ids], np.int64), "speed": np.ones(1, np.float32)})
        parts = [part[0] for part in parts]
        audio = self._dsp.synth(*parts, self._random).astype(np.float32)
        letters_s = units.reshape(-1).astype(np.float64) * UNIT_S
        owners = [0, *(number + 1 for number, piece in enumerate(characters) for _ in piece), len(characters) + 1]
        seconds = np.bincount(owners, letters_s, minlength=len(characters) + 2)
        return Heard(audio, _earlier(seconds, LAG_S))


def _earlier(seconds: NDArray[np.float64], by_s: float) -> NDArray[np.float64]:
    moved = seconds.copy()
    moved[0] -= by_s
    moved[-1] += by_s
    return moved

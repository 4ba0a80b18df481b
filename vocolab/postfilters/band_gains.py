"""Band gains: each band of a rendering brought to the level that the mel asks for, and nothing else changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.interfaces import Vocoder
from vocolab.postfilters.bands import Bands
from vocolab.postfilters.levelling import LevellingStream
from vocolab.postfilters.postfilter import Postfilter
from vocolab.postfilters.reaches import levelling_reach


class Levelled(Postfilter):
    """A vocoder whose bands are brought to the levels of the mel.

    One round takes the STFT of the rendering, compares its mel with the one that was asked for, multiplies each bin by
    the difference of its bands, and adds the frames up again. Phases and what is finer than a band stay the vocoder's:
    what was noise stays noise, and nothing takes on the period of a frame. Overlapping frames do not agree in what they
    ask for, so that it takes a few rounds until the mel is the wanted one.

    Args:
        vocoder: What is levelled.
        rounds: 1 or more.
    """

    def __init__(self, vocoder: Vocoder, rounds: int) -> None:
        super().__init__(vocoder, levelling_reach(vocoder.mel_spec, rounds))
        self.rounds = rounds
        self._bands = Bands(self.mel_spec)

    def filter(
        self, audio: NDArray[np.float32], mel: NDArray[np.float32], first_frame: int, seed: int = 0
    ) -> NDArray[np.float32]:
        """The rendering, levelled."""
        stream = self.filtering()
        return np.concatenate([stream.push(audio, mel), stream.finish()])

    def filtering(self) -> LevellingStream:
        """The same for a rendering in parts."""
        return LevellingStream(self._bands, self.rounds)

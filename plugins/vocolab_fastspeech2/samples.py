"""What a network says at each validation: files to listen to, rendered with the best vocoder that takes its mels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.errors import MelMismatch, NoVoice
from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec
from vocolab.rendering.opening import open_vocoder
from vocolab.rendering.renderer import Renderer
from vocolab.texts.symbols import SymbolSet
from vocolab.training.samples import write_sample
from vocolab_fastspeech2.clips import SpokenClip
from vocolab_fastspeech2.network import SmallFastSpeech2
from vocolab_fastspeech2.small import SmallSpeaking
from vocolab_fastspeech2.spoken_form import SpokenForm


class Samples:
    """Writes `samples/NAME/STEP.wav` of each clip, beside `samples/NAME/recording.wav`.

    Nothing of the recording is told but its symbols and its speaker: lengths, pitch and level are the network's own.

    Args:
        folder: The run's `samples`.
        clips: What is said.
        symbols: The set that their symbols are of.
        spec: The convention of the mels.
        say: Told if no installed vocoder takes such mels.
    """

    def __init__(
        self, folder: Path, clips: Sequence[SpokenClip], symbols: SymbolSet, spec: MelSpec, say: Callable[[str], None]
    ) -> None:
        self.folder, self.clips, self.symbols, self.spec, self.say = folder, clips, symbols, spec, say

    def write(self, network: SmallFastSpeech2, speakers: Sequence[str], step: int) -> None:
        """What the network says now."""
        if not self.clips or self._vocoder is None:
            return
        speaking = SmallSpeaking(deepcopy(network), self.spec)  # which sets a network up to speak, and no more to learn
        speaking.to(str(next(network.parameters()).device))
        for clip in self.clips:
            said = speaking.say(plain_form(clip.symbols, self.symbols), speakers.index(clip.speaker))
            audio = self._vocoder(Mel(said.mel, self.spec, said.f0_hz))
            write_sample(self.folder / clip.name, step, audio, partial(self._recording, clip))

    def _recording(self, clip: SpokenClip) -> Audio:
        return Audio.load(clip.path).mono_at(self.spec.sample_rate)

    @cached_property
    def _vocoder(self) -> Renderer | None:
        try:
            return open_vocoder(Catalog.installed(), mel_spec=self.spec)
        except (MelMismatch, NoVoice) as error:
            self.say(f"no samples are written: {error}")
            return None


def plain_form(names: Sequence[str], symbols: SymbolSet) -> SpokenForm:
    """Symbols that are said as the network would by itself."""
    sounds = set(symbols.phonemes)
    ones, zeros = np.ones(len(names), np.float32), np.zeros(len(names), np.float32)
    return SpokenForm(
        tuple(names), np.array(symbols.ids(names), np.int64), tuple(0 if name in sounds else -1 for name in names),
        rate=ones, semitones=zeros, pitch_range=ones, gain_db=zeros, rests=(None,) * len(names))

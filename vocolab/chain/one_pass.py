"""A chain over audio that is still coming: samples out as they come in, wherever no effect has to know the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vocolab.chain.chain import Chain
from vocolab.chain.running import Aiming
from vocolab.deeds import Deed
from vocolab.effects import BlockEffect, effect_name, is_idle
from vocolab.errors import PluginError
from vocolab.signals import BLOCK_SAMPLES

Block = NDArray[np.float32]


class Coming:
    """Audio that comes in blocks, once, and whose length nobody knows: what a `BlockEffect` can run on.

    Args:
        blocks: (channels, n) each.
        sample_rate: In Hz.
        channels: How many.
    """

    def __init__(self, blocks: Iterator[Block], sample_rate: int, channels: int) -> None:
        self._blocks, self.sample_rate, self.channels = blocks, sample_rate, channels
        self.deeds: list[Deed] = []
        """What effects did to it, once all of it has come."""

    @property
    def n_samples(self) -> int:
        """Nobody knows.

        Raises:
            PluginError: always; an effect that has to know is a `SignalEffect`.
        """
        raise PluginError("asked how long audio is that is still coming; an effect that needs that is a SignalEffect")

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        """The blocks as they come, at most `block_samples` long."""
        for block in self._blocks:
            for start in range(0, block.shape[1], block_samples):
                yield block[:, start : start + block_samples]


def needs_the_whole(chain: Chain) -> str:
    """What of a chain has to know all of the audio before the first sample leaves, in words; empty if nothing does."""
    effects = [effect for effect in chain.effects if not is_idle(effect)]
    wholes = [effect_name(effect) for effect in effects if isinstance(effect, Aiming) or not _flows(effect)]
    form = [name for name, value in (("sample rate", chain.output.sample_rate_hz), ("channels", chain.output.channels))
            if value is not None]
    # A ceiling is held sample by sample; whether it was, is measured as it goes.
    target = [] if replace(chain.target, true_peak_dbtp=None).is_empty else ["its target"]
    return ", ".join([*wholes, *(f"the {name} of its output" for name in form), *target])


def _flows(effect: object) -> bool:
    return isinstance(effect, BlockEffect)


def run_coming(chain: Chain, audio: Coming) -> Coming:
    """What leaves a chain that does not need the whole; together the blocks are what `Chain.run` gives of all."""
    deeds: list[Deed] = []
    for effect in chain.effects:
        if isinstance(effect, BlockEffect) and not is_idle(effect):
            blocks = effect.stream(audio, tell=deeds.extend)
            audio = Coming(blocks, audio.sample_rate, effect.output_channels(audio.channels))
    audio.deeds = deeds
    return audio

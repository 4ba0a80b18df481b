"""VST3 host: plugins of others, by pedalboard."""

from __future__ import annotations

import difflib
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pedalboard

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab.errors import AudioError, OptionError, PluginError
from vocolab_mastering.even_blocks import EvenBlocks
from vocolab_mastering.options_tone import Vst3Options

_BLOCK_SAMPLES = 2048
_MOST_WITHHELD_S = 10


class Vst3(BlockEffect[Vst3Options]):
    """What the plugin makes of the signal; its latency is compensated, whatever rings on after the end is cut off.

    The plugin is fed blocks of 2048 samples, counted from the beginning, so that the cuts of the stream don't matter.
    Whether it gives the same output for the same input, and silence for silence, is the plugin's doing. It is loaded
    anew for each stream, and it runs as what it is: a program of somebody else's.
    """

    name = "vst3"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """The plugin, loaded and set.

        Raises:
            OptionError: if there is no such file, it is no plugin, or it has no such parameter or value.
            AudioError: if it does not take that many channels.
            PluginError: if it fails.
        """
        plugin = _loaded(self.options)
        for name, value in self.options.parameters.items():
            _set(plugin, name, value)

        def work(block: Block) -> Block:
            made = plugin.process(block, sample_rate, _BLOCK_SAMPLES, reset=False)
            return np.asarray(made, np.float32).reshape(channels, -1)

        withheld = _withheld_samples(plugin, sample_rate, channels)
        return EvenBlocks(work, _BLOCK_SAMPLES, channels, withheld)


def _loaded(options: Vst3Options) -> Any:
    if not options.path:
        raise OptionError("path is empty; name the .vst3 file of a plugin")
    path = Path(options.path).expanduser()
    if not path.exists():
        raise OptionError(f"path = {options.path!r}: there is no such file; name the .vst3 file of a plugin")
    try:
        plugin = pedalboard.load_plugin(str(path), plugin_name=options.plugin_name or None)  # type: ignore[attr-defined]
    except (ImportError, RuntimeError, ValueError) as error:
        raise OptionError(f"path = {options.path!r} can't be loaded: {_one_line(error)}") from error
    if not plugin.is_effect:
        raise OptionError(f"path = {options.path!r} is an instrument and takes no audio; name an effect")
    return plugin


def _set(plugin: Any, name: str, value: bool | float | str) -> None:
    if name not in plugin.parameters:
        names = sorted(plugin.parameters)
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise OptionError(f"the plugin has no parameter {name!r}. {hint}It has: {', '.join(names) or 'none'}")
    try:
        setattr(plugin, name, value)
    except (TypeError, ValueError, AttributeError) as error:
        raise OptionError(f"the plugin refuses {name} = {value!r}: {_one_line(error)}") from error


def _withheld_samples(plugin: Any, sample_rate: int, channels: int) -> int:
    """How many samples pedalboard leaves out at the beginning, which is the plugin's latency. The plugin is reset."""
    silence = np.zeros((channels, _BLOCK_SAMPLES), np.float32)
    withheld = 0
    for _ in itertools.count():
        try:
            made = plugin.process(silence, sample_rate, _BLOCK_SAMPLES, reset=False)
        except ValueError as error:
            raise AudioError(
                f"the plugin can't take {channels} ch at {sample_rate} Hz: {_one_line(error)}"
            ) from error
        withheld += _BLOCK_SAMPLES - made.shape[-1]
        if made.shape[-1] == _BLOCK_SAMPLES:
            break
        if withheld > _MOST_WITHHELD_S * sample_rate:
            raise PluginError(f"the plugin gives nothing back in {_MOST_WITHHELD_S} s; take another")
    plugin.reset()
    return withheld


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())

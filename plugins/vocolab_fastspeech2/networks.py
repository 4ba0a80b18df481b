"""Which network a voice has, and its weights put into it."""

from __future__ import annotations

from typing import Any

import numpy as np

from vocolab.errors import CheckpointError
from vocolab.mels.spec import MelSpec
from vocolab.networks.weights import filled
from vocolab.options import make_options, with_tuples
from vocolab.voice import Voice
from vocolab_fastspeech2.config import SmallConfig
from vocolab_fastspeech2.inventory import Inventory, inventory_of, symbol_set
from vocolab_fastspeech2.ming024_symbols import PAUSE
from vocolab_fastspeech2.network import SmallFastSpeech2
from vocolab_fastspeech2.options import FastSpeech2Options
from vocolab_fastspeech2.readers import Reader, SetReader, TableReader
from vocolab_fastspeech2.said import Speaking
from vocolab_fastspeech2.small import SmallSpeaking
from vocolab_fastspeech2.transformer import POSTNET_LAYERS, TransformerFastSpeech2
from vocolab_fastspeech2.transformer_config import TransformerConfig
from vocolab_fastspeech2.transformer_speaking import TransformerSpeaking


def opened(voice: Voice, inventory: Inventory, options: FastSpeech2Options) -> tuple[Reader, Speaking]:
    """How a voice reads, and its network, ready to speak.

    Raises:
        CheckpointError: if there is no such network, or the weights are another's.
        OptionError: if its config can't be meant.
    """
    kind = voice.config.get("network", "small")
    if kind == "small":
        reader = SetReader(symbol_set(inventory.symbols), inventory.stress)
        return reader, SmallSpeaking(opened_small(voice), spec_of(voice))
    if kind == "transformer":
        network = opened_transformer(voice)
        speaking = TransformerSpeaking(network, spec_of(voice), published=options.published_controls)
        return TableReader(network.config.table, PAUSE), speaking
    raise CheckpointError(f"fastspeech2 has the networks 'small' and 'transformer', and the voice asks for {kind!r}")


def opened_small(voice: Voice) -> SmallFastSpeech2:
    """The small network of a voice.

    Raises:
        CheckpointError: if the weights are another's.
    """
    config, inventory = make_options(SmallConfig, _sizes(voice), "fastspeech2 config"), inventory_of(voice)
    symbols, spec = symbol_set(inventory.symbols), spec_of(voice)
    speakers = len(inventory.speakers)
    return filled(lambda: SmallFastSpeech2(config, len(symbols), spec.n_mels, speakers), voice.float32(), "the voice")


def opened_transformer(voice: Voice) -> TransformerFastSpeech2:
    """The published network of a voice.

    Raises:
        CheckpointError: if the weights are another's.
    """
    config = make_options(TransformerConfig, _sizes(voice), "fastspeech2 config")
    speakers, spec = len(inventory_of(voice).speakers), spec_of(voice)
    if config.dim % config.encoder_heads or config.dim % config.decoder_heads:
        raise CheckpointError(f"a width of {config.dim} can't be shared by {config.encoder_heads} and "
                              f"{config.decoder_heads} heads")
    tensors = _counted(voice, config)
    return filled(lambda: TransformerFastSpeech2(config, spec.n_mels, speakers), tensors, "the voice").eval()


def spec_of(voice: Voice) -> MelSpec:
    """The convention of the mels that a voice gives.

    Raises:
        CheckpointError: if it states none.
    """
    if voice.mel_spec is None:
        raise CheckpointError("the voice states no convention of the mels that it gives")
    return voice.mel_spec


def _sizes(voice: Voice) -> dict[str, Any]:
    return {name: with_tuples(value) for name, value in voice.config.items() if name not in ("network", "inventory")}


def _counted(voice: Voice, config: TransformerConfig) -> dict[str, Any]:
    """The tensors, with what torch's batch norm wants and nobody reads: how many batches it was trained on."""
    counts = range(POSTNET_LAYERS) if config.postnet else ()
    zero = np.zeros((), np.float32)
    return {**voice.float32(), **{f"postnet.convolutions.{number}.1.num_batches_tracked": zero for number in counts}}

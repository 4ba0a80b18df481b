"""Which network a voice has, and its weights put into it."""

from __future__ import annotations

from vocolab.errors import CheckpointError
from vocolab.networks.weights import filled
from vocolab.options import make_options
from vocolab.texts.symbols import SymbolSet
from vocolab.voice import Voice
from vocolab_fastspeech2.config import SmallConfig
from vocolab_fastspeech2.inventory import Inventory, with_tuples
from vocolab_fastspeech2.network import SmallFastSpeech2
from vocolab_fastspeech2.said import Speaking
from vocolab_fastspeech2.small import SmallSpeaking


def opened(voice: Voice, symbols: SymbolSet, inventory: Inventory) -> Speaking:
    """The network of a voice, ready to speak.

    Raises:
        CheckpointError: if there is no such network, or the weights are another's.
    """
    spec = voice.mel_spec
    if spec is None:
        raise CheckpointError("the voice states no convention of the mels that it gives")
    values = with_tuples(dict(voice.config))
    kind = values.pop("network", "small")
    values.pop("inventory", None)
    if kind != "small":
        raise CheckpointError(f"fastspeech2 has the network 'small', and the voice asks for {kind!r}")
    config = make_options(SmallConfig, values, "fastspeech2 config")
    network = filled(
        lambda: SmallFastSpeech2(config, len(symbols), spec.n_mels, len(inventory.speakers)), voice.float32(),
        "the voice")
    return SmallSpeaking(network, spec)

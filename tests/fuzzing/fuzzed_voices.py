"""What voices say of themselves: every model opened and heard with a description that somebody has changed."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from mutations import mutated_values
from target import Target, text_of

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.voice import Voice

_FRAMES = 24
_VOCODERS = ("hifigan", "vocos", "bigvgan", "waveglow", "waveglow, own", "diffwave", "diffwave, own", "harmonic",
             "melgan, bands", "parallelwavegan", "univnet", "hiftnet", "nsf-hifigan")


@functools.cache
def _catalog() -> Catalog:
    from vocolab.catalog import Catalog

    return Catalog.installed(no_plugins=True)


@functools.cache
def _vocoder(name: str) -> Voice:
    from tiny_voices import voice

    return voice(name)


@functools.cache
def _acoustic(name: str) -> Voice:
    import torch

    from vocolab.mels.conventions import convention
    from vocolab.networks.weights import network_tensors
    from vocolab.voice import Voice
    from vocolab_fastspeech2.training import build

    torch.manual_seed(1)
    spec = convention("hifigan-22k")
    if name == "small":
        sizes = {"dim": 32, "encoder_layers": 1, "decoder_dilations": [1, 2], "predictor_dim": 16,
                 "predictor_dilations": [1], "inventory": {"speakers": ["one", "two"]}}
        trainable = build(sizes, spec)
        return trainable.export(trainable.network.state_dict())
    from vocolab_fastspeech2.ming024_symbols import SYMBOLS
    from vocolab_fastspeech2.transformer import TransformerFastSpeech2
    from vocolab_fastspeech2.transformer_config import TransformerConfig

    table = {symbol: number for number, symbol in enumerate(SYMBOLS)}
    config = TransformerConfig(dim=4, encoder_layers=1, decoder_layers=1, filter_dim=4, predictor_dim=4, n_bins=4,
                               postnet=False, table=table)
    network = TransformerFastSpeech2(config, spec.n_mels, 1)
    described = {"network": "transformer", **json.loads(config.model_dump_json()), "inventory": {"symbols": ""}}
    return Voice("fastspeech2", described, spec, network_tensors(network), kind="acoustic model")


@functools.cache
def _sentence() -> Any:
    import vocolab

    return next(iter(vocolab.text("We went.").sentences))


@functools.cache
def _aligner(_name: str) -> Voice:
    import torch

    from vocolab.mels.conventions import convention
    from vocolab.networks.weights import network_tensors
    from vocolab.voice import Voice
    from vocolab_aligner.config import AlignerConfig
    from vocolab_aligner.network import AlignerNetwork
    from vocolab_aligner.units import Units
    from vocolab_english.symbols import SYMBOLS

    torch.manual_seed(1)
    spec, config = convention("hifigan-22k"), AlignerConfig(channels=4, blocks=1)
    network = AlignerNetwork(config, len(Units(SYMBOLS)), spec.n_mels)
    described = {**config.model_dump(), "symbols": SYMBOLS.name, "symbols_checksum": SYMBOLS.checksum}
    return Voice("aligner", described, spec, network_tensors(network), kind="aligner")


def _align(voice: Voice) -> None:
    from vocolab.mels.mel import Mel

    spec = voice.mel_spec
    assert spec is not None
    aligner = _catalog().models.create("aligner", None, voice)
    aligner.place(Mel(np.full((spec.n_mels, _FRAMES), -5, np.float32), spec), ("<s>", "HH", "AH0", "</s.>"))


def _described(voice: Voice) -> bytes:
    return json.dumps({"config": voice.config, "mel_spec": voice.mel_spec and voice.mel_spec.to_dict()}).encode()


def _redescribed(voice: Voice, path: Path) -> Voice:
    """The voice with the description of a file, as `Voice.load` would check it."""
    from vocolab.errors import CheckpointError
    from vocolab.mels.spec import MelSpec

    try:
        said = json.loads(text_of(path))
        config, spec = dict(said["config"]), dict(said["mel_spec"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CheckpointError("no description") from error
    return replace(voice, config=config, mel_spec=MelSpec.from_dict(spec))


def _render(voice: Voice) -> None:
    from vocolab.mels.mel import Mel
    from vocolab.rendering.opening import open_vocoder

    spec = voice.mel_spec
    assert spec is not None
    renderer = open_vocoder(_catalog(), voice=voice)
    renderer.force = True  # no speech is in it
    renderer(Mel(np.full((spec.n_mels, _FRAMES), -5, np.float32), spec))


def _speak(voice: Voice) -> None:
    _catalog().acoustic_models.create("fastspeech2", {}, voice).synthesize(_sentence())


def _target(make: Callable[[str], Voice], use: Callable[[Voice], None], name: str) -> Target:
    return Target("voice.json", lambda path: use(_redescribed(make(name), path)), lambda: [_described(make(name))],
                  mutated_values, cost=2)


TARGETS: dict[str, Target] = {
    **{f"voice of {name}": _target(_vocoder, _render, name) for name in _VOCODERS},
    "voice of an aligner": _target(_aligner, _align, "aligner"),
    **{f"voice of fastspeech2, {name}": _target(_acoustic, _speak, name) for name in ("small", "transformer")},
}

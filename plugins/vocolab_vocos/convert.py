"""Published Vocos checkpoints to voices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vocolab.checkpoints import (
    Checkpoint,
    Conversion,
    as_arrays,
    as_state_dict,
    find_state_dict,
    under_prefix,
    without_prefixes,
)
from vocolab.errors import CheckpointError, OptionError, listed, naming
from vocolab.mels.spec import MelSpec
from vocolab.networks.weights import check_fit
from vocolab.options import make_options
from vocolab.voice import Voice
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.generator import VocosGenerator
from vocolab_vocos.published import (
    FILTERS,
    WINDOWS,
    architecture_of,
    blocks_of,
    check_features,
    defaults_said,
    mel_spec_of,
)

_PLACES = ("state_dict", "")
_PREFIXES = ("module.",)
_MARKS = {"backbone.embed.weight", "head.out.weight"}
_NETWORK = ("backbone.", "head.")
_TRAINING = ("multiperioddisc.", "multiresddisc.", "disc_loss.", "gen_loss.", "feat_matching_loss.", "melspec_loss.")
"""What a checkpoint of the training script holds beside the model."""
_ENCODEC = ("feature_extractor.encodec.", "feature_extractor.codebook_weights")
_LEAST_TOLERANCE = 1e-4


def recognise(checkpoint: Checkpoint) -> str | None:
    """The layout if the checkpoint is a Vocos mel model, else None.

    Raises:
        CheckpointError: if it is the Vocos model for EnCodec's tokens.
    """
    state = find_state_dict(checkpoint.content, *_PLACES)
    names = set() if state is None else set(without_prefixes(state, *_PREFIXES))
    if not names >= _MARKS:
        return None
    if any(name.startswith(_ENCODEC) for name in names):
        raise CheckpointError(
            "a Vocos for EnCodec tokens; only Vocos mel models can be converted",
            about=checkpoint.path,
        )
    return "official" if state is checkpoint.content else "official, as its training leaves it"


def convert(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The voice in `pytorch_model.bin` or `model.safetensors`, with `config.yaml` beside it.

    `mel_spec` overrides what the config says, and stands in for it where there is none. The mel filters and windows
    that the checkpoint carries are compared with those of the convention.

    Raises:
        CheckpointError: if it is no mel model, or does not fit its config or the convention.
    """
    path = checkpoint.path
    layout = recognise(checkpoint) or "named as Vocos"
    state = without_prefixes(as_state_dict(checkpoint.content, path, *_PLACES), *_PREFIXES)
    with naming(path):
        try:
            voice, assumed = _voice(checkpoint, state, mel_spec)
        except OptionError as error:  # a config with nonsense in it
            raise CheckpointError(error.message) from error
    return Conversion(voice, layout, assumed)


def _voice(
    checkpoint: Checkpoint, state: Mapping[str, Any], mel_spec: MelSpec | None
) -> tuple[Voice, tuple[str, ...]]:
    blocks = None if checkpoint.config is None and mel_spec else blocks_of(checkpoint.wanted_config())
    arrays = as_arrays(_known(state), checkpoint.path)
    spec = mel_spec or mel_spec_of(blocks or {})
    config = make_options(VocosConfig, architecture_of(blocks, arrays), "vocos config")
    check_features(arrays, spec, _tolerance(state))
    network = {f"{part}{name}": value for part in _NETWORK for name, value in under_prefix(arrays, part).items()}
    tensors = {name: value for name, value in network.items() if name not in WINDOWS}
    check_fit(lambda: VocosGenerator(config, spec), tensors, "the checkpoint")
    assumed = () if FILTERS in arrays else ("no mel filters come with the weights: those of the convention",)
    if blocks is None:
        assumed = (*assumed, "an ISTFTHead, its STFT that of the convention: there is no config")
    elif mel_spec is None:
        assumed = (*assumed, *defaults_said(blocks))
    return Voice("vocos", config.model_dump(), spec, tensors), assumed


def _known(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state dict without what only training needs.

    Raises:
        CheckpointError: listing what is neither the model's nor its training's.
    """
    known = {name: tensor for name, tensor in state.items() if not name.startswith(_TRAINING)}
    unknown = [name for name in known if not name.startswith(_NETWORK) and name not in (FILTERS, *WINDOWS)]
    if unknown:
        raise CheckpointError(f"unknown tensors: {listed(unknown, 4)}")
    return known


def _tolerance(state: Mapping[str, Any]) -> float:
    """How far stored filters may be off: by the rounding of the type that they are stored in."""
    import torch

    stored = state.get(FILTERS)
    return _LEAST_TOLERANCE if stored is None else max(_LEAST_TOLERANCE, torch.finfo(stored.dtype).eps)

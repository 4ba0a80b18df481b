"""What preprocess.yaml, model.yaml and stats.json of ming024/FastSpeech2 say, value by value."""

from __future__ import annotations

from typing import Any

from vocolab.errors import CheckpointError
from vocolab.mels.spec import MelSpec
from vocolab_dialects.values import Config, number, table, whole

_NORMALISED = (("pitch", "_hz"), ("energy", ""))


def inner(config: Config, key: str) -> Config:
    """The table under a key, which has to be there.

    Raises:
        CheckpointError: if there is none.
    """
    found = table(config, key)
    if not found:
        raise CheckpointError(f"the config lacks the table {key}; give preprocess.yaml and model.yaml of its training")
    return found


def sizes(model: Config) -> dict[str, Any]:
    """Those of the network, from model.yaml.

    Raises:
        CheckpointError: if one is missing, or no number.
    """
    blocks, predictor = inner(model, "transformer"), inner(model, "variance_predictor")
    encoder, decoder = _size(blocks, "encoder_hidden"), _size(blocks, "decoder_hidden")
    if encoder != decoder:
        raise CheckpointError(f"its encoder is {encoder} wide and its decoder {decoder}; one width is known")
    kernels = blocks.get("conv_kernel_size")
    if not isinstance(kernels, list):
        raise CheckpointError(f"the config's conv_kernel_size is {kernels!r:.80}, and has to be a list of two")
    return {
        "dim": encoder, "encoder_layers": _size(blocks, "encoder_layer"),
        "decoder_layers": _size(blocks, "decoder_layer"), "encoder_heads": _size(blocks, "encoder_head"),
        "decoder_heads": _size(blocks, "decoder_head"), "filter_dim": _size(blocks, "conv_filter_size"),
        "kernels": kernels, "predictor_dim": _size(predictor, "filter_size"),
        "predictor_kernel": _size(predictor, "kernel_size"),
        "n_bins": _size(inner(model, "variance_embedding"), "n_bins"),
    }


def levels(preprocessing: Config) -> dict[str, str]:
    """Whether pitch and energy are of symbols or of frames.

    Raises:
        CheckpointError: if that is not said.
    """
    found = {}
    for what, _ in _NORMALISED:
        feature = inner(preprocessing, what).get("feature")
        if not isinstance(feature, str):
            raise CheckpointError(f"the config's {what} has the feature {feature!r:.80}; there are phoneme_level and "
                                  "frame_level")
        found[f"{what}_level"] = feature.removesuffix("_level")
    return found


def statistics(preprocessing: Config, stats: Config) -> dict[str, float]:
    """Mean and scale of what was normalised, from stats.json: least, most, mean, standard deviation.

    Raises:
        CheckpointError: if they are missing.
    """
    found = {}
    for what, unit in _NORMALISED:
        if not inner(preprocessing, what).get("normalization"):
            continue
        row = stats.get(what)
        if not isinstance(row, list) or len(row) != 4:
            raise CheckpointError(f"the {what} of stats.json is {row!r:.80}, and has to be four numbers")
        mean, scale = (number({what: value}, what, 0.0) for value in row[2:])
        found[f"{what}_mean{unit}"], found[f"{what}_scale{unit}"] = float(mean), float(scale)
    return found


def language(preprocessing: Config) -> str:
    """The tag of the language, English where none is named."""
    named = table(preprocessing, "text").get("language", "en")
    return named if isinstance(named, str) else "en"


def stated_convention(preprocessing: Config) -> MelSpec:
    """The convention of its mels.

    Raises:
        CheckpointError: if a size is missing.
        OptionError: if no convention can have them.
    """
    audio, stft, mel = (inner(preprocessing, name) for name in ("audio", "stft", "mel"))
    rate = _size(audio, "sampling_rate")
    return MelSpec(
        sample_rate=rate, n_fft=_size(stft, "filter_length"), win_samples=_size(stft, "win_length"),
        hop_samples=_size(stft, "hop_length"), padding="center", n_mels=_size(mel, "n_mel_channels"),
        fmin_hz=float(number(mel, "mel_fmin", 0.0)), fmax_hz=float(number(mel, "mel_fmax", 0.0) or rate / 2),
    )


def _size(config: Config, key: str) -> int:
    if config.get(key) is None:
        raise CheckpointError(f"the config lacks {key}")
    return whole(config, key, 0)

"""Checkpoints of ming024/FastSpeech2 to voices.

`900000.pth.tar` holds the weights and the optimiser. What they mean is in three more files: preprocess.yaml,
model.yaml and stats.json, which are looked for beside it; or all in one, with the keys `preprocess`, `model` and
`stats`, given as its config.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vocolab.checkpoints import Checkpoint, Conversion, as_arrays, as_state_dict, find_state_dict, without_prefixes
from vocolab.checkpoints.config_files import read_config
from vocolab.errors import CheckpointError
from vocolab.mels.spec import MelSpec
from vocolab.voice import Voice
from vocolab_dialects.keys import refuse_contradiction, refuse_unknown
from vocolab_fastspeech2.ming024_config import inner, language, levels, sizes, stated_convention, statistics
from vocolab_fastspeech2.ming024_symbols import SYMBOLS
from vocolab_fastspeech2.networks import opened_transformer

_PLACES = ("model", "state_dict", "")
_PREFIXES = ("module.",)
_KNOWN = {"encoder.src_word_emb.weight", "variance_adaptor.pitch_embedding.weight", "mel_linear.weight"}
_RELATIVES = {
    "an ESPnet FastSpeech 2": (
        "encoder.encoders.0.self_attn.linear_q.", "duration_predictor.conv.0.", "feat_out."),
    "a FastPitch of NVIDIA's": (".layers.0.dec_attn.qkv_net.", "duration_predictor.layers.0.", "pitch_emb."),
}
"""Models of the family that are built otherwise, and what their tensors' names hold."""
_FILES = {"preprocess": "preprocess.yaml", "model": "model.yaml", "stats": "stats.json"}
_MOST_SPEAKERS = 100_000
_KEYS: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {
    "preprocess": {
        (): ("dataset", "path", "preprocessing"),
        ("preprocessing",): ("val_size", "text", "audio", "stft", "mel", "pitch", "energy"),
        ("preprocessing", "text"): ("text_cleaners", "language"),
        ("preprocessing", "audio"): ("sampling_rate", "max_wav_value"),
        ("preprocessing", "stft"): ("filter_length", "hop_length", "win_length"),
        ("preprocessing", "mel"): ("n_mel_channels", "mel_fmin", "mel_fmax"),
        ("preprocessing", "pitch"): ("feature", "normalization"),
        ("preprocessing", "energy"): ("feature", "normalization"),
    },
    "model": {
        (): ("transformer", "variance_predictor", "variance_embedding", "multi_speaker", "max_seq_len", "vocoder"),
        ("transformer",): ("encoder_layer", "encoder_head", "encoder_hidden", "decoder_layer", "decoder_head",
                           "decoder_hidden", "conv_filter_size", "conv_kernel_size", "encoder_dropout",
                           "decoder_dropout"),
        ("variance_predictor",): ("filter_size", "kernel_size", "dropout"),
        ("variance_embedding",): ("pitch_quantization", "energy_quantization", "n_bins"),
    },
}
"""Keys of its configs, by their table. How values are quantised, the bins among the weights say."""
_LEFT_OUT = ("position_enc", "num_batches_tracked")


def recognise(checkpoint: Checkpoint) -> str | None:
    """The layout if the checkpoint is ming024's, else None.

    Raises:
        CheckpointError: if it is a relative that is no voice here: ESPnet's FastSpeech 2, NVIDIA's FastPitch.
    """
    state = find_state_dict(checkpoint.content, *_PLACES)
    if state is None:
        return None
    names = set(without_prefixes(state, *_PREFIXES))
    for kind, signs in _RELATIVES.items():
        if all(any(sign in name for name in names) for sign in signs):
            raise CheckpointError(f"is {kind}; fastspeech2 takes checkpoints of ming024's FastSpeech2 and voices of "
                                  "its own, and has no network that is built like this one", about=checkpoint.path)
    return "ming024" if names >= _KNOWN else None


def convert(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The voice in a checkpoint of ming024's code.

    Raises:
        CheckpointError: if a config is missing, or the weights do not fit it.
    """
    path = checkpoint.path
    state = without_prefixes(as_state_dict(checkpoint.content, path, *_PLACES), *_PREFIXES)
    arrays = as_arrays(state, path)
    tensors = {name: array for name, array in arrays.items() if not name.endswith(_LEFT_OUT)}
    parts = {name: _part(checkpoint, name) for name in _FILES}
    for name, tables in _KEYS.items():
        _check_keys(parts[name], name, tables)
    refuse_contradiction(parts["model"], {"multi_speaker": "speaker_emb.weight" in arrays})
    speakers = arrays["speaker_emb.weight"].shape[0] if "speaker_emb.weight" in arrays else 1
    if speakers > _MOST_SPEAKERS:
        raise CheckpointError(f"has {speakers} speakers, and at most {_MOST_SPEAKERS} are taken", about=path)
    embedding = tensors["encoder.src_word_emb.weight"]
    wanted = inner(parts["preprocess"], "preprocessing")
    config = {
        "network": "transformer", **sizes(parts["model"]), **levels(wanted), **statistics(wanted, parts["stats"]),
        "postnet": any(name.startswith("postnet.") for name in tensors),
        "table": {symbol: number for number, symbol in enumerate(SYMBOLS)},
        "table_size": int(embedding.shape[0]),
        "inventory": {"symbols": "", "language": language(wanted),
                      "speakers": [str(number) for number in range(speakers)] if speakers > 1 else [""]},
    }
    voice = Voice("fastspeech2", config, mel_spec or stated_convention(wanted), tensors, kind="acoustic model")
    opened_transformer(voice)  # refuses what does not fit, before anything is written
    return Conversion(voice, "ming024", _assumed(mel_spec))


def _check_keys(part: Mapping[str, Any], name: str, tables: Mapping[tuple[str, ...], tuple[str, ...]]) -> None:
    """Refuse a config with keys that are not the published code's, or without a table of it.

    Raises:
        CheckpointError: naming them.
    """
    for place, keys in tables.items():
        found: Any = part
        for key in place:
            found = found.get(key) if isinstance(found, Mapping) else None
        if not isinstance(found, Mapping):
            raise CheckpointError(f"{_FILES[name]} has no table {'.'.join(place)}")
        refuse_unknown(found, keys, f"{'.'.join((name, *place))} of ming024's FastSpeech2")


def _part(checkpoint: Checkpoint, name: str) -> Mapping[str, Any]:
    for config in (checkpoint.config, *(other.config for other in checkpoint.alternatives)):
        if config is not None and isinstance(config.get(name), Mapping):
            return config[name]  # type: ignore[no-any-return]
    beside = checkpoint.beside(_FILES[name])
    if beside is None:
        raise CheckpointError(f"{_FILES[name]} is missing beside it; copy preprocess.yaml, model.yaml and stats.json "
                              "of its training there", about=checkpoint.path)
    return read_config(beside)


def _assumed(mel_spec: MelSpec | None) -> tuple[str, ...]:
    return () if mel_spec is not None else (
        "mels as its own preprocessing makes them: centred frames, magnitudes, natural logarithms",)

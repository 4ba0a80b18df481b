"""Published WaveGlow checkpoints to voices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vocolab.checkpoints import Checkpoint, Conversion, PickledObject, as_arrays, as_state_dict, weight_norm_spelling
from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.voice import Voice
from vocolab_dialects.keys import refuse_contradiction, refuse_unknown
from vocolab_dialects.nemo import TABLES, has_preprocessor, model_table, nemo_mels
from vocolab_dialects.values import unwrapped
from vocolab_waveglow.layouts import PLACES, Arrays, coupling_of, folded_and_merged, has_old_layers, named_state
from vocolab_waveglow.vocoder import build_network

_CONVENTION = "tacotron2-22k"
_DATA_KEYS = {
    "sample_rate": "sampling_rate", "n_fft": "filter_length", "win_samples": "win_length",
    "hop_samples": "hop_length", "fmin_hz": "mel_fmin", "fmax_hz": "mel_fmax",
}  # fmt: skip
_FLOW_KEYS = ("n_flows", "n_group", "n_early_every", "n_early_size")
_NETWORK_KEYS = (*_FLOW_KEYS, "n_mel_channels", "WN_config", "n_wn_layers", "n_wn_channels", "wn_kernel_size",
                 "_target_")
_TOP = ("waveglow_config", "waveglow", "data_config", "sigma")
_KERNEL_SAMPLES, _STEP_SAMPLES = 1024, 256
_WN_KEYS = {"n_layers": "n_wn_layers", "n_channels": "n_wn_channels", "kernel_size": "wn_kernel_size"}
"""Published names inside `WN_config`, and NeMo's beside the others."""


def recognise(checkpoint: Checkpoint) -> str | None:
    """The layout if the checkpoint is a WaveGlow, else None."""
    state = named_state(checkpoint.content)
    if state is None:
        return None
    original = as_state_dict(checkpoint.content, checkpoint.path, *PLACES)
    class_name = _class_name(checkpoint)
    source = f"official, the pickled module {class_name}" if class_name else _source(original)
    old = ", layers of the first releases" if has_old_layers(state) else ""
    return f"{source}, {weight_norm_spelling(state)}{old}"


def convert(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The voice in a WaveGlow checkpoint of any known spelling; its sizes are read off the shapes.

    A config is not needed. Where there is one it has to agree, and it says what the mels were.

    Raises:
        CheckpointError: if tensors are missing, unknown or of the wrong shape, or the config says otherwise.
    """
    path = checkpoint.path
    state = named_state(checkpoint.content)
    if state is None:
        raise CheckpointError("not a WaveGlow: it has no upsample, convinv.0 and WN.0", about=path)
    tensors = folded_and_merged(as_arrays(state, path))
    architecture = {**sizes_of(tensors), "coupling": coupling_of(state, _class_name(checkpoint), checkpoint.layout)}
    inside = checkpoint.content.get("config") if isinstance(checkpoint.content, Mapping) else None
    config = inside if isinstance(inside, Mapping) else checkpoint.config
    bands = int(tensors["upsample.weight"].shape[0])
    if config is not None:
        _check_config(architecture, bands, config)
    spec, assumptions = _mel_spec(config, mel_spec, bands=bands)
    _check_hop(architecture["upsample_kernel_samples"], spec)
    voice = Voice("waveglow", architecture, spec, tensors)
    build_network(voice)  # refuses what does not fit, before anything is written
    return Conversion(voice, recognise(checkpoint) or "", assumptions)


def _class_name(checkpoint: Checkpoint) -> str:
    """The class of the module that was pickled whole; empty for a state dict."""
    state = as_state_dict(checkpoint.content, checkpoint.path, *PLACES)
    return state.class_name if isinstance(state, PickledObject) else ""


def sizes_of(tensors: Arrays) -> dict[str, Any]:
    """The config that the shapes speak of.

    Raises:
        CheckpointError: if a tensor that says a size is missing or has other dimensions.
    """
    flows = max(_count(tensors, "convinv."), _count(tensors, "WN."))  # one of them missing is said, not taken as fewer
    mixings = [_shape(tensors, f"convinv.{flow}.conv.weight", 3)[0] for flow in range(flows)]
    width, _, _ = _shape(tensors, "WN.0.start.weight", 3)
    _, _, kernel = _shape(tensors, "WN.0.in_layers.0.weight", 3)
    _, _, upsample_kernel = _shape(tensors, "upsample.weight", 3)
    leaving = next((flow for flow in range(1, len(mixings)) if mixings[flow] != mixings[0]), None)
    return {
        "n_flows": len(mixings), "n_group": mixings[0],
        "n_early_every": len(mixings) if leaving is None else leaving,
        "n_early_size": 0 if leaving is None else max(mixings[0] - mixings[leaving], 0),
        "n_layers": _count(tensors, "WN.0.in_layers."), "n_channels": width, "kernel_size": kernel,
        "upsample_kernel_samples": upsample_kernel,
    }  # fmt: skip


def _source(state: Mapping[str, Any]) -> str:
    names = list(state)
    if any(".wavenet." in name or name.startswith("wavenet.") for name in names):
        return "NeMo"
    wrapped = any(name.startswith("module.") for name in names)
    return "state dict with the prefixes of NGC" if wrapped else "state dict"


def _count(tensors: Arrays, prefix: str) -> int:
    """How many numbers follow `prefix`, counted from 0 without a gap."""
    found = {name[len(prefix) :].split(".")[0] for name in tensors if name.startswith(prefix)}
    return next(number for number in range(len(found) + 1) if str(number) not in found)


def _shape(tensors: Arrays, name: str, dimensions: int) -> tuple[int, ...]:
    tensor = tensors.get(name)
    if tensor is None:
        raise CheckpointError(f"the checkpoint lacks {name}, which gives the sizes of the network")
    if tensor.ndim != dimensions:
        raise CheckpointError(f"{name} is {tensor.shape}; a WaveGlow's has {dimensions} dimensions")
    return tuple(int(length) for length in tensor.shape)


def _check_config(architecture: Mapping[str, Any], bands: int, config: Mapping[str, Any]) -> None:
    """Refuse weights that are not those that the config speaks of: 512 channels with the config of 256 for one."""
    model = model_table(config)
    refuse_unknown(model, {*_TOP, *TABLES, *_NETWORK_KEYS}, "a config of WaveGlow")
    stated = unwrapped(_table(model, "waveglow_config") or _table(model, "waveglow") or model)
    if stated is not model:
        refuse_unknown(stated, _NETWORK_KEYS, "a config of WaveGlow's network")
    couplings = _table(stated, "WN_config") or {}
    refuse_unknown(couplings, _WN_KEYS, "WN_config of WaveGlow")
    said = {key: stated.get(key) for key in (*_FLOW_KEYS, "n_mel_channels")}
    said |= {key: couplings.get(key, stated.get(nemo)) for key, nemo in _WN_KEYS.items()}
    if architecture["n_early_size"] == 0:  # nothing leaves early, so the shapes don't say what would
        said |= {"n_early_every": None, "n_early_size": None}
    refuse_contradiction(said, {**architecture, "n_mel_channels": bands})


def _mel_spec(
    config: Mapping[str, Any] | None, given: MelSpec | None, *, bands: int
) -> tuple[MelSpec, tuple[str, ...]]:
    """The convention, and what was assumed about it."""
    if given is not None:
        if given.n_mels != bands:
            raise CheckpointError(f"the checkpoint takes {bands} mel bands, the convention has {given.n_mels}")
        return given, ()
    base = replace(convention(_CONVENTION), n_mels=bands)
    if config is not None and has_preprocessor(config):
        return nemo_mels(config, bands)
    stated = _table(config or {}, "data_config")
    if stated is None:
        return base, (
            f"the file does not say how its mels were made; the convention {_CONVENTION} was assumed, "
            "--mel-spec names another",
        )
    refuse_unknown(stated, _DATA_KEYS.values(), "data_config of WaveGlow")
    sizes = {field: stated[key] for field, key in _DATA_KEYS.items() if stated.get(key) is not None}
    try:
        numbers: dict[str, Any] = {k: float(v) if k.endswith("_hz") else int(v) for k, v in sizes.items()}
        spec = replace(base, **numbers)
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"data_config does not describe a mel: {error}; name one with --mel-spec") from error
    absent = [theirs for ours, theirs in _DATA_KEYS.items() if ours not in sizes]
    lacking = f", and {', '.join(absent)} too: the config does not say" if absent else ""
    said = f"sizes of the mel are those of data_config, its scale and logarithm those of {_CONVENTION}{lacking}"
    return spec, (said,)


def _check_hop(kernel_samples: int, spec: MelSpec) -> None:
    """Refuse a hop that the published upsampling does not make: of 1024 samples, it steps by 256.

    Raises:
        CheckpointError: naming both.
    """
    if kernel_samples == _KERNEL_SAMPLES and spec.hop_samples != _STEP_SAMPLES:
        raise CheckpointError(
            f"its upsampling of {kernel_samples} samples steps by {_STEP_SAMPLES} a frame in every published code, and "
            f"the hop of its mels is {spec.hop_samples}: the config is that of another checkpoint"
        )


def _table(config: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    value = config.get(key)
    return value if isinstance(value, Mapping) else None

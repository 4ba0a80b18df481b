"""Published DiffWave checkpoints to voices: lmnt-com's {'model', 'params', ...}, old and new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vocolab.checkpoints import Checkpoint, as_arrays
from vocolab.checkpoints.conversion import Conversion
from vocolab.checkpoints.state_dicts import as_state_dict, find_state_dict, without_prefixes
from vocolab.errors import CheckpointError
from vocolab.errors.problems import problems_text
from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.weights import check_fit
from vocolab.voice import Voice
from vocolab_dialects.keys import refuse_unknown
from vocolab_diffwave.config import PUBLISHED_FAST_SCHEDULE, DiffWaveConfig, config_problems
from vocolab_diffwave.network import DiffWave

_PLACES = ("model", "state_dict", "")
_PREFIX = "module."
_MARKS = ("diffusion_embedding.projection1.weight", "residual_layers.0.dilated_conv.weight")
_SIZES = ("residual_layers", "residual_channels", "dilation_cycle_length", "noise_schedule")
_PARAMS = ("batch_size", "learning_rate", "max_grad_norm", "sample_rate", "n_mels", "n_fft", "hop_samples",
           "crop_mel_frames", "residual_layers", "residual_channels", "dilation_cycle_length", "unconditional",
           "noise_schedule", "inference_noise_schedule", "audio_len")
_MEL_KEYS = ("sample_rate", "n_mels", "n_fft", "hop_samples")


def recognise(checkpoint: Checkpoint) -> str | None:
    """The layout's name, or None if the checkpoint is no DiffWave."""
    state = find_state_dict(checkpoint.content, *_PLACES)
    if state is None or not set(_MARKS) <= set(without_prefixes(state, _PREFIX)):
        return None
    parts = ["lmnt-com's DiffWave"]
    parts.append("params inside" if _inner_params(checkpoint) else "a state dict without its params")
    if any(str(name).startswith(_PREFIX) for name in state):
        parts.append("names under module.")
    return ", ".join(parts)


def convert(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The voice in a DiffWave checkpoint, with `params` from inside or from the config beside it.

    Raises:
        CheckpointError: if it is truncated or unsafe, lacks its params, or does not fit them.
    """
    layout = recognise(checkpoint) or "a DiffWave state dict"
    state = without_prefixes(as_state_dict(checkpoint.content, checkpoint.path, *_PLACES), _PREFIX)
    params = _inner_params(checkpoint) or checkpoint.config
    if params is None:
        raise CheckpointError(
            "holds no params; give them as JSON with --config "
            f"({', '.join(_SIZES)}, hop_samples, n_mels ...)",
            about=checkpoint.path,
        )
    refuse_unknown(params, _PARAMS, "the params of DiffWave")
    assumptions: list[str] = []
    values = _config(params, assumptions)
    spec = mel_spec or _mel_spec(params, assumptions)
    if problems := config_problems(values, spec):
        raise CheckpointError(
            f"its params do not describe a DiffWave that renders mels: {problems_text(problems)}", about=checkpoint.path
        )
    tensors = as_arrays(state, checkpoint.path)
    config = DiffWaveConfig.model_validate(values)
    check_fit(lambda: DiffWave(config, spec), tensors, "the checkpoint")
    provenance = {"steps": int(checkpoint.content["step"])} if _has_step(checkpoint.content) else {}
    return Conversion(Voice("diffwave", values, spec, tensors, provenance), layout, tuple(assumptions))


def _inner_params(checkpoint: Checkpoint) -> Mapping[str, Any] | None:
    content = checkpoint.content
    params = content.get("params") if isinstance(content, Mapping) else None
    return params if isinstance(params, Mapping) and params else None


def _has_step(content: Any) -> bool:
    return isinstance(content, Mapping) and isinstance(content.get("step"), int)


def _config(params: Mapping[str, Any], assumptions: list[str]) -> dict[str, Any]:
    """The keys that shape the network; checkpoints of 2020 lack two of them."""
    values = {key: _plain(params[key]) for key in _SIZES if key in params}
    assumptions += [f"params lack {key}: taken as published" for key in _SIZES if key not in params]
    values["unconditional"] = bool(params.get("unconditional", False))
    if "inference_noise_schedule" in params:
        values["inference_noise_schedule"] = _plain(params["inference_noise_schedule"])
    else:
        assumptions.append(f"params lack inference_noise_schedule: taken as published, {PUBLISHED_FAST_SCHEDULE}")
    return values


def _plain(value: Any) -> Any:
    """Lists of Python floats for what may be a tuple of numpy's, or a tensor."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [float(item) for item in value]
    return value


def _mel_spec(params: Mapping[str, Any], assumptions: list[str]) -> MelSpec:
    """DiffWave's own convention, with the sizes of the params."""
    known = convention("diffwave-22k").to_dict()
    missing = [key for key in _MEL_KEYS if key not in params]
    if missing:
        assumptions.append(f"params lack {', '.join(missing)}: taken from diffwave-22k")
    given = {key: params[key] for key in _MEL_KEYS if key in params}
    if any(known[key] != value for key, value in given.items()):
        known |= given
        known |= {"win_samples": 4 * known["hop_samples"], "fmax_hz": known["sample_rate"] / 2}
        assumptions.append("the mels are DiffWave's recipe at the params' sizes, the window four hops long")
    return MelSpec.from_dict(known)

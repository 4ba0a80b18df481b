"""hifi-gan's recipe of mels: its config.json has the sizes, and its relatives renamed them and put them in tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab_dialects.keys import holds_sizes
from vocolab_dialects.values import Config, number, whole

SIZES: dict[str, tuple[str, ...]] = {
    "sample_rate": ("sampling_rate", "sample_rate", "audio_sample_rate", "sr", "samplerate"),
    "n_fft": ("n_fft", "filter_length", "fft_size", "nfft"),
    "win_samples": ("win_size", "win_length", "win_len"),
    "hop_samples": ("hop_size", "hop_length", "hop_samples", "hop_len"),
    "fmin_hz": ("fmin", "mel_fmin", "f_min"), "fmax_hz": ("fmax", "mel_fmax", "f_max"),
    "n_mels": ("num_mels", "n_mel_channels", "n_mels", "audio_num_mel_bins", "mel_channels"),
}
"""Fields of a convention, and the names that projects have for them."""
SIZE_KEYS = frozenset(name for names in SIZES.values() for name in names)
RECIPE = "mels as hifi-gan makes them (ln from 1e-5, Slaney filters, no centring): its config has the sizes and no more"
_OPTIONAL = ("fmin_hz", "n_mels")
_MAY_BE_NULL = "fmax_hz"


def flattened(config: Config) -> dict[str, Any]:
    """The values of a config and of the tables in it, side by side; those further out win.

    Tables of optimizers, losses and discriminators are left where they are: their sizes are not those of the mels.

    Raises:
        CheckpointError: if two tables have different values for a size.
    """
    flat: dict[str, Any] = {}
    inner: dict[str, Any] = {}
    for key, value in config.items():
        if not isinstance(value, Mapping) or not holds_sizes(str(key)):
            flat[str(key)] = value
            continue
        for name, item in flattened(value).items():
            if name in SIZE_KEYS and name in inner and inner[name] != item:
                raise CheckpointError(f"the config has {name} twice, {inner[name]!r} and {item!r}; leave one in")
            inner.setdefault(name, item)
    return {**inner, **flat}


def recipe_mels(config: Config, n_mels: int, base: str = "hifigan-22k") -> MelSpec:
    """The convention that a config states: the recipe of `base` with the config's sizes.

    Args:
        config: Flat; see `flattened`. fmax null means the Nyquist frequency.
        n_mels: How many bands the weights take, for a config that does not say.
        base: The convention with the recipe.

    Raises:
        CheckpointError: if the config lacks one of the sizes, or has two that differ.
        OptionError: if no convention can have them.
    """
    found = {field: _one_of(config, names) for field, names in SIZES.items()}
    lacking = [
        SIZES[field][0] for field, (name, value) in found.items()
        if (name if field == _MAY_BE_NULL else value) is None and field not in _OPTIONAL
    ]
    if lacking:
        raise CheckpointError(
            f"the config lacks {', '.join(lacking)}: give them, or name the convention with --mel-spec"
        )
    sizes: dict[str, Any] = {}
    for field, (name, value) in found.items():
        if name is not None and value is not None:
            sizes[field] = number(config, name, 0.0) if field.endswith("_hz") else whole(config, name, 0)
    rate = sizes["sample_rate"]
    n_fft = sizes.get("n_fft") or sizes.get("win_samples")
    defaults = {"n_mels": n_mels, "fmin_hz": 0.0, "fmax_hz": rate / 2, "n_fft": n_fft, "win_samples": n_fft}
    return replace(convention(base), **{**defaults, **sizes})


def _one_of(config: Config, names: tuple[str, ...]) -> tuple[str | None, Any]:
    present = [name for name in names if name in config]
    told = [name for name in present if config[name] is not None]
    if len({str(config[name]) for name in told}) > 1:
        both = " and ".join(f"{name} {config[name]!r}" for name in told)
        raise CheckpointError(f"the config contradicts itself: {both}")
    return (told or present or [None])[0], config[(told or present)[0]] if present else None

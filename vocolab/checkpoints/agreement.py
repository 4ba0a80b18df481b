"""Two configs of one checkpoint: what they say of the network and its mels has to be the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_DECIDING = re.compile(
    r"(\w+_)?(sampling_rate|sample_rate|sr|n_?fft|fft_size|filter_length|hop\w*|win(dow)?_?\w*|f_?min|f_?max|mels?|"
    r"num_mels|n_mels|n_mel_channels|channels?|kernel\w*|dilations?(_\w+)?|rates|factors|scales|strides?|ratios|slope|"
    r"layers|stacks|resblock\w*|istft\w*|activation|padding|log_base|log_func|noise_schedule|dim)|"
    r"upsample_\w+|n_flows|n_group|n_early\w*|snake_\w+|use_(tanh|bias)\w*|mini_nsf|ngf|dilation_cycle_length|"
    r"lReLU_slope|noise_dim|channel_size|model_in_dim|normalize_before|signal_norm|version",
    re.IGNORECASE,
)
"""Keys that decide the sound in the configs of vocoders. Training's may differ: a run that was gone on with has two."""
_NOT_THE_GENERATORS = re.compile(r"(disc|mpd|msd|mrd|cqtd|optim|sched|\w*loss|train\b|train_|valid|val_|dist)\w*",
                                 re.IGNORECASE)
_MOST_LEVELS = 8
_OPEN = object()
"""The value of a key that stands in several tables with several values."""


def contradiction(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, Any, Any] | None:
    """The first key that decides the sound and that has two values in two configs, with both; None if there is none.

    Tables are looked through; a key that has several values within one config tells nothing.
    """
    first, second = _deciding(one), _deciding(other)
    for key, value in first.items():
        its = second.get(key, _OPEN)
        if value is not _OPEN and its is not _OPEN and _plain(value) != _plain(its):
            return key, value, its
    return None


def _deciding(config: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in _leaves(config, _MOST_LEVELS):
        if _DECIDING.fullmatch(key):
            found[key] = value if key not in found or _plain(found[key]) == _plain(value) else _OPEN
    return found


def _leaves(config: Mapping[str, Any], levels: int) -> Iterator[tuple[str, Any]]:
    for key, value in config.items():
        name = str(key)
        if isinstance(value, Mapping):
            if levels and not _NOT_THE_GENERATORS.fullmatch(name):
                yield from _leaves(value, levels - 1)
        elif value is not None and not _NOT_THE_GENERATORS.fullmatch(name):
            yield name, value


def _plain(value: Any) -> Any:
    """A value as it compares: 1, 1.0 and "1" are one, and so are lists and tuples."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value if isinstance(value, bool) or not isinstance(value, int | float) else float(value)

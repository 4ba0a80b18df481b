"""MelSpec: a mel convention, field by field."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields, replace
from numbers import Real
from typing import Any, Literal

from vocolab.errors import OptionError

# A convention may come out of a file: no more memory is taken for filters than these allow.
_MOST = {"sample_rate": 768_000, "n_fft": 65_536, "win_samples": 65_536, "hop_samples": 65_536, "n_mels": 1024}
_CHOICES = {
    "window": ("hann", "hann-symmetric", "hamming"), "padding": ("hifigan", "center", "center-trimmed"),
    "mel_scale": ("slaney", "htk"), "filter_norm": ("slaney", "none"), "spectrum_scale": ("none", "window"),
    "log_base": ("e", "10", "none"),
}
_FLOATS = ("fmin_hz", "fmax_hz", "power", "magnitude_eps", "log_gain", "log_offset", "clamp")


@dataclass(frozen=True, kw_only=True)
class MelSpec:
    """How audio becomes a mel spectrogram, completely.

    The value of band m in a frame is, for the magnitude spectrum |X| of that frame,

        x_m   = sum_k filters[m, k] * (spectrum_scale * sqrt(|X_k|^2 + magnitude_eps)) ** power
        l_m   = log_base(max(x_m, clamp))                            raised to max(l) - dynamic range, where given
        y_m   = log_gain * l_m + log_offset                          limited to `clip`, where given
        value = (y_m - mean_m) / scale_m                             where statistics are given

    With log_base "none" no logarithm is taken, and the clamp may be 0. max(l) is the greatest of all bands and frames
    of the mel: a convention with `dynamic_range_db` is one of whole utterances, of which no part can be made alone.

    `padding` says where frames stand. "hifigan": reflect by (n_fft - hop) / 2 on both sides, frame i is centred on
    sample i * hop + hop / 2, and N samples give N // hop frames. "center": reflect by n_fft / 2, frame i is
    centred on sample i * hop, and N samples give N // hop + 1 frames. "center-trimmed": the same without the last
    frame, N // hop frames.
    """

    sample_rate: int
    n_fft: int = 1024
    win_samples: int = 1024
    hop_samples: int = 256
    window: Literal["hann", "hann-symmetric", "hamming"] = "hann"
    padding: Literal["hifigan", "center", "center-trimmed"] = "hifigan"
    n_mels: int = 80
    fmin_hz: float = 0.0
    fmax_hz: float = 8000.0
    mel_scale: Literal["slaney", "htk"] = "slaney"
    filter_norm: Literal["slaney", "none"] = "slaney"
    power: float = 1.0
    magnitude_eps: float = 0.0
    spectrum_scale: Literal["none", "window"] = "none"
    """"window": divide by sqrt(sum(window ** 2))."""
    log_base: Literal["e", "10", "none"] = "e"
    log_gain: float = 1.0
    log_offset: float = 0.0
    clamp: float = 1e-5
    dynamic_range_db: float | None = None
    """Values that lie more than this under the loudest of the mel are raised to it; None: all are kept."""
    clip: tuple[float, float] | None = None
    mean: tuple[float, ...] | None = None
    """Of every band; one number is taken for all bands. Without `scale` it is subtracted and no more."""
    scale: tuple[float, ...] | None = None
    """Of every band, or one number; without `mean` values are divided by it and no more."""

    def __post_init__(self) -> None:
        _check_sizes(self)
        for name in ("mean", "scale"):
            value = getattr(self, name)
            if isinstance(value, Real):
                object.__setattr__(self, name, (value,) * self.n_mels)
        for name in ("clip", "mean", "scale"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, tuple(_number(name, v) for v in value))
        for name in _FLOATS:
            object.__setattr__(self, name, _number(name, getattr(self, name)))
        if self.dynamic_range_db is not None:
            object.__setattr__(self, "dynamic_range_db", _number("dynamic_range_db", self.dynamic_range_db))
        _check(self)

    @property
    def frame_rate_hz(self) -> float:
        """Frames a second."""
        return self.sample_rate / self.hop_samples

    @property
    def front_samples(self) -> int:
        """Samples of reflection before the audio's first: frame 0 begins that much earlier."""
        return (self.n_fft - self.hop_samples) // 2 if self.padding == "hifigan" else self.n_fft // 2

    @property
    def dynamic_range(self) -> float | None:
        """`dynamic_range_db` as a distance of logarithms to the convention's base; without one, as a ratio."""
        if self.dynamic_range_db is None:
            return None
        decades = self.dynamic_range_db * self.power / 20.0
        if self.log_base == "none":
            return float(10.0**-decades)
        return decades if self.log_base == "10" else decades * math.log(10.0)

    @property
    def silence(self) -> float:
        """The value of digital silence, before the per-band statistics; in a mel that holds nothing louder."""
        floor = self.clamp
        if self.log_base != "none":
            floor = math.log(self.clamp) if self.log_base == "e" else math.log10(self.clamp)
        value = self.log_gain * floor + self.log_offset
        return min(max(value, self.clip[0]), self.clip[1]) if self.clip else value

    def frames(self, n_samples: int) -> int:
        """How many frames `n_samples` of audio give."""
        return n_samples // self.hop_samples + (self.padding == "center")

    def with_statistics(self, mean: tuple[float, ...], scale: tuple[float, ...]) -> MelSpec:
        """The same convention, normalised to (y - mean) / scale in every band."""
        return replace(self, mean=tuple(mean), scale=tuple(scale))

    def without_statistics(self) -> MelSpec:
        """The same convention before normalisation."""
        return replace(self, mean=None, scale=None)

    def to_dict(self) -> dict[str, Any]:
        """All fields, as JSON knows them."""
        return asdict(self)

    def to_toml(self) -> str:
        """All fields as a TOML text; a file of it is taken wherever a convention is named."""
        from vocolab.mels.convention_files import to_toml

        return to_toml(self)

    @classmethod
    def from_toml(cls, text: str) -> MelSpec:
        """The reverse of `to_toml`.

        Raises:
            DocumentError: if the text is no TOML, or a field is unknown, missing or out of range; with its line.
        """
        from vocolab.mels.convention_files import spec_from_toml

        return spec_from_toml(text)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> MelSpec:
        """The reverse of `to_dict`.

        Raises:
            OptionError: if a field is unknown, missing or out of range.
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise OptionError(f"a mel convention has no {', '.join(unknown)}; it has {', '.join(sorted(known))}")
        try:
            return cls(**values)
        except (TypeError, ValueError, OverflowError) as error:
            raise OptionError(f"not a mel convention: {error}") from error


def _number(name: str, value: object) -> float:
    """A float; what is no number, such as a text that holds one, is refused."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise OptionError(f"mel convention: {name} = {value!r} has to be a number")
    return float(value)


def _check_sizes(spec: MelSpec) -> None:
    for name, most in _MOST.items():
        value = getattr(spec, name)
        if type(value) is not int or not 0 < value <= most:
            raise OptionError(f"mel convention: {name} = {value!r} has to be a whole number from 1 to {most}")


def _check(spec: MelSpec) -> None:
    """Refuse what no convention can mean."""
    for name, allowed in _CHOICES.items():
        if getattr(spec, name) not in allowed:
            raise OptionError(f"mel convention: {name} = {getattr(spec, name)!r}; allowed: {', '.join(allowed)}")
    _check_ranges(spec)
    _check_levels(spec)
    _check_statistics(spec)


def _check_ranges(spec: MelSpec) -> None:
    if spec.win_samples > spec.n_fft or spec.hop_samples > spec.win_samples:
        raise OptionError(
            f"mel convention: hop_samples <= win_samples <= n_fft does not hold for "
            f"{spec.hop_samples}, {spec.win_samples}, {spec.n_fft}"
        )
    if not 0 <= spec.fmin_hz < spec.fmax_hz <= spec.sample_rate / 2:
        raise OptionError(
            f"mel convention: 0 <= fmin_hz < fmax_hz <= {spec.sample_rate / 2:g} does not hold for "
            f"{spec.fmin_hz:g}, {spec.fmax_hz:g}"
        )


def _check_levels(spec: MelSpec) -> None:
    for name in ("power", "log_gain"):
        if not 0 < getattr(spec, name) < math.inf:
            raise OptionError(f"mel convention: {name} = {getattr(spec, name):g} has to be above 0 and finite")
    if not (0 < spec.clamp < math.inf or (spec.clamp == 0 and spec.log_base == "none")):
        least = "0 or more" if spec.log_base == "none" else "above 0"
        raise OptionError(f"mel convention: clamp = {spec.clamp:g} has to be {least} and finite")
    if not (0 <= spec.magnitude_eps < math.inf and math.isfinite(spec.log_offset)):
        raise OptionError("mel convention: magnitude_eps has to be 0 or more, and log_offset finite")
    if spec.dynamic_range_db is not None and not 0 < spec.dynamic_range_db < math.inf:
        raise OptionError(
            f"mel convention: dynamic_range_db = {spec.dynamic_range_db:g} has to be above 0 and finite; leave it out "
            "for no limit"
        )
    if spec.clip is not None and not (len(spec.clip) == 2 and spec.clip[0] < spec.clip[1]):
        raise OptionError(f"mel convention: clip = {spec.clip} has to be two limits, the lower first")


def _check_statistics(spec: MelSpec) -> None:
    for name in ("mean", "scale"):
        value = getattr(spec, name)
        if value is not None and len(value) != spec.n_mels:
            raise OptionError(f"mel convention: {name} has {len(value)} values for {spec.n_mels} bands")
    if not all(math.isfinite(value) for value in (*(spec.mean or ()), *(spec.scale or ()))):
        raise OptionError("mel convention: mean and scale have to be finite")
    if spec.scale is not None and min(spec.scale) <= 0:
        raise OptionError("mel convention: every scale has to be above 0")

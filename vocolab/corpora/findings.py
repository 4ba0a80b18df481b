"""What is found about a clip, and what of it leaves the clip out."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from vocolab.errors import CallError

NOISY_DBFS = -45.0
"""A noise floor above this is told; far below it is where a narrator's room should be."""


SILENT_DBFS = -60.0
"""A recording whose highest sample is under this has nobody speaking in it."""
_MOST = 1e15
"""No figure is larger: what is read as one and is may be infinite, or have any number of digits."""


@dataclass(frozen=True)
class Finding:
    """One thing to know about one clip."""

    name: str
    kind: str
    """A short word for sorting: "no-file", "silent", "too-short" ..."""
    text: str
    """What was found, in one line."""
    left_out: bool
    """Whether the clip is not used for it."""


@dataclass(frozen=True)
class Limits:
    """What leaves a clip out.

    Raises:
        CallError: if no clip could pass.
    """

    shortest_s: float = 0.5
    """Of what is left after trimming."""
    longest_s: float = 30.0
    clipped_percent: float = 0.1
    """Samples that stand in runs of 3 or more at full scale."""
    noise_dbfs: float = -30.0
    """The noise floor: `trimming.noise_floor_dbfs`."""

    def __post_init__(self) -> None:
        if not 0 < self.shortest_s < self.longest_s:
            raise CallError(f"clips of {self.shortest_s:g} to {self.longest_s:g} s: the shortest has to be above 0 and "
                            "below the longest")


@dataclass(frozen=True)
class Figures:
    """What was measured of one recording."""

    source_rate_hz: int
    channels: int
    channels_equal: bool
    """Whether all channels hold the same."""
    source_s: float
    seconds: float
    """After trimming."""
    peak_dbfs: float | None
    """Of the recording; None for digital silence."""
    rms_dbfs: float | None
    """Of what is left after trimming."""
    noise_floor_dbfs: float | None
    clipped_samples: int
    """Of the recording, over all channels."""
    digest: str
    """Of the trimmed samples: equal for equal recordings."""
    limited_samples: int = 0
    """Samples that resampling took beyond full scale, limited to it in the stored clip."""


def judge(name: str, figures: Figures, limits: Limits, sample_rate: int) -> list[Finding]:
    """Everything about a clip that is to be told, what leaves it out first."""
    return [*_reasons(name, figures, limits), *_notes(name, figures, limits, sample_rate)]


def _reasons(name: str, figures: Figures, limits: Limits) -> list[Finding]:
    if figures.peak_dbfs is None:
        return [Finding(name, "silent", "digital silence", True)]
    if figures.peak_dbfs < SILENT_DBFS:
        return [Finding(name, "silent", f"its highest sample is at {figures.peak_dbfs:.0f} dBFS", True)]
    found: list[tuple[str, str]] = []
    if figures.seconds < limits.shortest_s:
        found.append(("too-short", f"{_spoken_s(figures)}; at least {limits.shortest_s:g} s are wanted"))
    if figures.seconds > limits.longest_s:
        found.append(("too-long", f"{_spoken_s(figures)}; at most {limits.longest_s:g} s are wanted"))
    percent = _clipped_percent(figures)
    if percent > limits.clipped_percent:
        found.append(("clipped", f"{figures.clipped_samples} samples ({percent:.2g} %) are cut off at full scale; at "
                                 f"most {limits.clipped_percent:g} % are wanted"))
    if figures.noise_floor_dbfs is not None and figures.noise_floor_dbfs > limits.noise_dbfs:
        found.append(("noisy", f"a noise floor of {figures.noise_floor_dbfs:.0f} dBFS; at most "
                               f"{limits.noise_dbfs:g} dBFS are wanted"))
    return [Finding(name, kind, text, True) for kind, text in found]


def _notes(name: str, figures: Figures, limits: Limits, sample_rate: int) -> list[Finding]:
    found: list[tuple[str, str]] = []
    if figures.channels > 1:
        same = "all the same" if figures.channels_equal else "which differ"
        found.append(("mixed-down", f"{figures.channels} channels, {same}, averaged to one"))
    if figures.source_rate_hz != sample_rate:
        found.append(("resampled", f"from {figures.source_rate_hz} to {sample_rate} Hz"))
    if figures.source_rate_hz < sample_rate:
        found.append(("band-missing", f"recorded at {figures.source_rate_hz} Hz: empty above "
                                      f"{figures.source_rate_hz / 2:g} Hz"))
    if 0 < _clipped_percent(figures) <= limits.clipped_percent:
        found.append(("some-clipping", f"{figures.clipped_samples} samples are cut off at full scale"))
    if figures.limited_samples:
        found.append(("limited", f"{figures.limited_samples} samples beyond full scale after resampling, limited"))
    floor = figures.noise_floor_dbfs
    if floor is not None and NOISY_DBFS < floor <= limits.noise_dbfs:
        found.append(("some-noise", f"a noise floor of {floor:.0f} dBFS"))
    return [Finding(name, kind, text, False) for kind, text in found]


def _spoken_s(figures: Figures) -> str:
    trimmed = f" of {figures.source_s:.2f} s" if figures.source_s - figures.seconds > 0.005 else ""
    return f"{figures.seconds:.2f} s{trimmed}"


def _clipped_percent(figures: Figures) -> float:
    total = figures.source_s * figures.source_rate_hz * figures.channels
    return 100 * figures.clipped_samples / max(total, 1.0)


def as_figures(values: dict[str, Any]) -> Figures:
    """The reverse of `dataclasses.asdict`.

    Raises:
        TypeError: if fields are missing or unknown, or a value is of another type.
    """
    figures = Figures(**values)
    for field in fields(Figures):
        _check(field.name, getattr(figures, field.name), str(field.type))
    return figures


def _check(name: str, value: Any, kind: str) -> None:
    """Whether a value is of the kind that its field is written with; a whole number is a number, infinity is none."""
    allowed = {"int": (int,), "bool": (bool,), "str": (str,), "float": (int, float), "None": (type(None),)}
    types = [one for part in kind.split(" | ") for one in allowed[part]]
    if type(value) not in types or (isinstance(value, int | float) and not abs(value) < _MOST):
        raise TypeError(f"{name} is {value!r:.40} and has to be {kind}")

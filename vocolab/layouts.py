"""Channel layouts: which loudspeaker each channel is for, and in which order files have them.

Inside vocolab channels stand in the order of WAV's channel mask, whatever the file that they came from. What a file
states is kept with the signal as `layout`; where it states nothing, `assumed` says what its number of channels mostly
means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SPEAKERS = ("FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "BC", "SL", "SR",
            "TC", "TFL", "TFC", "TFR", "TBL", "TBC", "TBR")
"""Loudspeakers by their bit in the channel mask of WAVE_FORMAT_EXTENSIBLE, in the order of channels."""

LFE = "LFE"
"""The channel of low-frequency effects, which is no part of a programme's loudness, nor of a mix-down."""
_SURROUND_PAIRS = (("SL", "SR"), ("BL", "BR"), ("BC",))
"""Those that stand for the surround channels of a layout: the first of these that it has."""

_NAMES = {
    "mono": "FC", "stereo": "FL FR", "2.1": "FL FR LFE", "3.0": "FL FR FC", "3.1": "FL FR FC LFE",
    "quad": "FL FR BL BR", "quad (side)": "FL FR SL SR", "4.0": "FL FR FC BC", "4.1": "FL FR LFE BL BR",
    "5.0": "FL FR FC BL BR", "5.0 (side)": "FL FR FC SL SR", "5.1": "FL FR FC LFE BL BR",
    "5.1 (side)": "FL FR FC LFE SL SR", "6.0": "FL FR FC BC SL SR", "6.1": "FL FR FC LFE BC SL SR",
    "7.0": "FL FR FC BL BR SL SR", "7.1": "FL FR FC LFE BL BR SL SR",
    "7.1 (wide)": "FL FR FC LFE BL BR FLC FRC",
}  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """The loudspeakers of a signal's channels, in the order of `SPEAKERS`, each once."""

    speakers: tuple[str, ...]

    @property
    def channels(self) -> int:
        """How many there are."""
        return len(self.speakers)

    @property
    def mask(self) -> int:
        """The channel mask of WAVE_FORMAT_EXTENSIBLE."""
        return sum(1 << SPEAKERS.index(speaker) for speaker in self.speakers)

    @property
    def name(self) -> str:
        """What people call it: "5.1", or its loudspeakers."""
        spelled = " ".join(self.speakers)
        return next((name for name, speakers in _NAMES.items() if speakers == spelled), spelled.replace(" ", "+"))

    @property
    def surrounds(self) -> tuple[str, ...]:
        """The loudspeakers that are its surround channels; none in front layouts."""
        return next((pair for pair in _SURROUND_PAIRS if set(pair) & set(self.speakers)), ())

    def __str__(self) -> str:
        return self.name


MONO, STEREO = Layout(("FC",)), Layout(("FL", "FR"))

_ASSUMED = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1"}
_FLAC = {**_ASSUMED, 7: "6.1", 8: "7.1"}


def named_layout(name: str) -> Layout:
    """The layout of a name such as "5.1"."""
    return Layout(tuple(_NAMES[name].split()))


def assumed(channels: int) -> Layout | None:
    """What so many channels mostly are where nothing states it; None over 6, which may be anything."""
    return named_layout(_ASSUMED[channels]) if channels in _ASSUMED else None


def of_flac(channels: int) -> Layout | None:
    """The layout that FLAC defines for so many channels (RFC 9639, section 9.1.3)."""
    return named_layout(_FLAC[channels]) if channels in _FLAC else None


def from_mask(mask: int, channels: int) -> Layout | None:
    """The layout that a channel mask states; None if it states none, or for fewer channels than there are.

    A mask that names more loudspeakers than there are channels counts from the lowest bit, as its standard says.
    """
    named = tuple(speaker for bit, speaker in enumerate(SPEAKERS) if mask >> bit & 1)
    return Layout(named[:channels]) if channels and len(named) >= channels else None


def ordered(speakers: Iterable[str]) -> tuple[Layout, tuple[int, ...]] | None:
    """The layout of channels that stand in another order, and which of them comes first, second, ... in vocolab's.

    None where a loudspeaker is unknown, or named twice.
    """
    given = tuple(speakers)
    if len(set(given)) != len(given) or not set(given) <= set(SPEAKERS):
        return None
    order = tuple(sorted(range(len(given)), key=lambda index: SPEAKERS.index(given[index])))
    return Layout(tuple(given[index] for index in order)), order


def layout_of(signal: object) -> Layout | None:
    """The layout of a signal: what it states, else what so many channels mostly are; None where that is unknown."""
    stated = getattr(signal, "layout", None)
    channels = int(getattr(signal, "channels"))  # noqa: B009  any signal has it
    return stated if isinstance(stated, Layout) and stated.channels == channels else assumed(channels)


def mixing_note(signal: object, channels: int) -> str:
    """What is done to a signal of more than two channels, in words; empty for others."""
    layout = layout_of(signal)
    if layout is None or layout.channels <= 2 or channels == layout.channels:
        return ""
    lost = ", LFE left out" if LFE in layout.speakers else ""
    return f"mixed down from {layout} to {MONO if channels == 1 else STEREO} after ITU-R BS.775{lost}"

"""The detectors of vocolab for what is wrong between microphone and file."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import DetectorSpec


@hookimpl
def vocolab_detectors() -> Iterable[DetectorSpec]:
    """The detectors, in the order in which their findings are told."""
    yield DetectorSpec(
        name="channels",
        summary="Dead channels, opposite polarity, channels that are the same or unequal",
        target="vocolab_detectors.channel_faults:ChannelFaults",
    )
    yield DetectorSpec(
        name="dc-offset",
        summary="A constant offset of a channel",
        target="vocolab_detectors.dc_offset:DcOffset",
    )
    yield DetectorSpec(
        name="bandwidth",
        summary="Up to where there is sound, and whether a codec or a lower rate cut it off",
        target="vocolab_detectors.bandwidth:Bandwidth",
    )
    yield DetectorSpec(
        name="levels",
        summary="The loudness of each turn, and how far they are apart",
        target="vocolab_detectors.turns:Turns",
    )
    yield DetectorSpec(
        name="sibilance",
        summary="How loud the s sounds are beside the vowels",
        target="vocolab_detectors.sibilance:Sibilance",
    )

"""What the effects of length and rate can be told. Light: this is read to list effects and to check presets."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vocolab.options import EditOptions, EffectOptions


class FadeOptions(EffectOptions):
    """Fades in and out."""

    in_ms: float = Field(10.0, ge=0.0, le=60_000.0, description="From silence to full level; 0 for none.")
    out_ms: float = Field(10.0, ge=0.0, le=60_000.0, description="From full level to silence; 0 for none.")
    shape: Literal["cosine", "linear", "sine"] = Field(
        "cosine", description="Soft at both ends; straight; or fast at the quiet end (equal power)."
    )


class TrimOptions(EditOptions):
    """Takes silence off the beginning and the end."""

    threshold_db: float = Field(-50.0, ge=-120.0, le=0.0, description="RMS (dBFS) of 10 ms from which on it is sound.")
    keep_ms: float = Field(100.0, ge=0.0, le=10_000.0, description="Stays before the first and after the last sound.")
    head: bool = Field(True, description="Whether the beginning is trimmed.")
    tail: bool = Field(True, description="Whether the end is trimmed.")


class PadOptions(EditOptions):
    """Puts silence or room tone before the beginning and after the end."""

    head_s: float = Field(0.5, ge=0.0, le=60.0, description="Length put before the beginning.")
    tail_s: float = Field(1.0, ge=0.0, le=60.0, description="Length put after the end.")
    room_tone: bool = Field(False, description="True: noise like that of the recording's quietest half seconds.")
    tone_dbfs: float | None = Field(
        None, ge=-120.0, le=-20.0, description="RMS of the room tone; unset: as quiet as the recording is."
    )
    seed: int = Field(0, ge=0, le=2**63 - 1, description="Of the noise.")


class ResampleOptions(EditOptions):
    """Another sample rate."""

    sample_rate_hz: int = Field(48_000, ge=4_000, le=768_000, description="The rate that comes out.")

"""The mix: tracks times their gains, summed, and what was done to each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, uniform_filter1d

from vocolab.errors import CallError
from vocolab.mixing.levels import frame_powers, frame_samples, loudness_lufs
from vocolab.mixing.speakers import FRAME_S, opened, speaking
from vocolab.mixing.tracks import Block, Placed, Track, heard_channel
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal

Gains = NDArray[np.float32]
SPEECH_LUFS = -20.0
"""What each speaker is brought to, before the mix is mastered."""
MUSIC_LU = -6.0
"""Music where nobody speaks, against the speakers."""
_MOST_GAIN_DB = 40.0
_GATE_FRAMES, _DUCK_FRAMES = 5, 25
"""Over how many frames gates move, and music."""
_DUCK_AROUND_S = 0.5
_MOST_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Mixing:
    """How tracks are mixed."""

    gate_db: float = 24.0
    """How far a microphone is turned down while only others speak; 0 leaves it open."""
    duck_db: float = 12.0
    """How far music is turned down under speech; 0 leaves it as it is."""
    sample_rate: int | None = None
    """Of the mix, in Hz; None: the highest of the tracks'."""


@dataclass(frozen=True)
class TrackFacts:
    """What was found in a track, and done to it."""

    name: str
    is_music: bool
    start_s: float
    seconds: float
    lufs: float | None
    """Its loudness: of a speaker where he himself speaks. None: nothing was heard."""
    gain_db: float
    active_s: float
    """How long the gate was open, or how long music was not turned down."""


class Mix(DerivedSignal):
    """A signal that is mixed while it is walked through; `tracks` says what was done to each, `notes` what is odd.

    Mono, or stereo where music is; speakers are in the middle. Memory grows by 400 bytes a second and track.

    Raises:
        CallError: if there is no speaker, or a start is not 0 or later.
    """

    def __init__(self, tracks: Sequence[Track], mixing: Mixing) -> None:
        if all(track.is_music for track in tracks):
            raise CallError("a mix needs a track that somebody speaks in; all of these are music")
        for track in tracks:
            if not 0 <= track.start_s <= _MOST_SECONDS:
                raise CallError(f"a start of {track.start_s:g} s; give one from 0 s to 24 h", about=track.name)
        rate = mixing.sample_rate or max(track.signal.sample_rate for track in tracks)
        chosen = [heard_channel(track) for track in tracks]
        length = max(Placed(track, rate).n_samples for track in tracks)
        self._placed = [Placed(track, rate, length, one.channel) for track, one in zip(tracks, chosen, strict=True)]
        channels = max(placed.channels for placed in self._placed)
        super().__init__(self._placed[0], sample_rate=rate, channels=channels, n_samples=length)
        self.origin = None
        self.notes = [one.note for one in chosen if one.note]
        self._curves, self.tracks = _planned(tracks, self._placed, mixing)
        self.notes += [f"{track.name}: nothing is heard in it; it is left as it is"
                       for track in self.tracks if track.lufs is None]

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        """The sum of all tracks, each times its gain."""
        frame, start = frame_samples(self.sample_rate), 0
        for blocks in zip(*(placed.blocks(block_samples) for placed in self._placed), strict=True):
            mixed = np.zeros((self.channels, blocks[0].shape[1]), np.float32)
            for block, curve in zip(blocks, self._curves, strict=True):
                mixed += block * _gains(curve, frame, start, block.shape[1])
            yield mixed
            start += mixed.shape[1]


def _planned(
    tracks: Sequence[Track], placed: Sequence[Placed], mixing: Mixing
) -> tuple[list[Gains], list[TrackFacts]]:
    """A gain for each frame of each track."""
    powers = np.array([frame_powers(one) for one in placed])
    speakers = [index for index, track in enumerate(tracks) if not track.is_music]
    heard = speaking(powers[speakers])
    is_open = opened(heard) if len(speakers) > 1 else np.ones_like(heard)
    gates = dict(zip(speakers, _moving(is_open, -mixing.gate_db, _GATE_FRAMES), strict=True))
    around = np.ones(2 * round(_DUCK_AROUND_S / FRAME_S) + 1, dtype=bool)
    clear = ~binary_dilation(np.asarray(heard.any(axis=0)), around)
    duck = _moving(clear[None], -mixing.duck_db, _DUCK_FRAMES)[0]
    curves, facts = [], []
    for index, track in enumerate(tracks):
        curve = duck if track.is_music else gates[index]
        audible = clear if track.is_music else is_open[speakers.index(index)]
        lufs = loudness_lufs(powers[index], np.ones(len(duck)) if track.is_music else audible.astype(np.float64))
        wanted = SPEECH_LUFS + (MUSIC_LU if track.is_music else 0.0)
        gain_db = 0.0 if lufs is None else min(wanted - lufs, _MOST_GAIN_DB)
        curves.append((curve * 10 ** (gain_db / 20)).astype(np.float32))
        facts.append(TrackFacts(track.name, track.is_music, track.start_s,
                                track.signal.n_samples / track.signal.sample_rate, lufs, gain_db,
                                float(np.count_nonzero(audible) * FRAME_S)))
    return curves, facts


def _moving(is_up: NDArray[np.bool_], down_db: float, frames: int) -> NDArray[np.float64]:
    """(tracks, frames): gains of 1 where a track is up and `down_db` where not, that take `frames` to move in dB."""
    gain_db = np.where(is_up, 0.0, down_db)
    return np.asarray(10 ** (uniform_filter1d(gain_db, frames, axis=1, mode="nearest") / 20))


def _gains(curve: Gains, frame: int, start: int, n_samples: int) -> Gains:
    """The gains of samples from `start` on: straight lines between the middles of the frames."""
    position = (np.arange(start, start + n_samples) + 0.5) / frame - 0.5
    first = max(0, int(position[0]))
    near = curve[first : int(position[-1]) + 3]
    return np.interp(position - first, np.arange(len(near)), near).astype(np.float32)

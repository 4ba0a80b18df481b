"""How many frames each postfilter depends on to either side: what it adds to the look-ahead of a stream."""

from __future__ import annotations

from vocolab.mels.spec import MelSpec
from vocolab.postfilters.noisiness import CONTEXT_FRAMES
from vocolab.postfilters.options import PostfilterOptions
from vocolab.postfilters.places import places_of
from vocolab.spectral.frames import Frames


def reach_frames(options: PostfilterOptions, spec: MelSpec) -> int:
    """Of all that the options ask for together."""
    denoised = 0 if options.denoise_db is None else denoising_reach(spec)
    refined = refining_reach(spec, options.refine) if options.refine else 0
    drawn = noise_reach(spec) if options.fresh_noise else 0
    levelled = levelling_reach(spec, options.band_gains) if options.band_gains else 0
    return denoised + refined + drawn + levelled


def denoising_reach(spec: MelSpec) -> int:
    """Of denoising."""
    return Frames.covering(spec.hop_samples, 1).reach


def refining_reach(spec: MelSpec, rounds: int) -> int:
    """Of refinement: every round carries what a frame says to all that it overlaps, and so does the correction."""
    return (rounds + 1) * Frames.of_mel(spec, 1).reach + 1  # frames need not begin where a hop of the output does


def noise_reach(spec: MelSpec) -> int:
    """Of fresh noise."""
    return max(Frames.of_mel(spec, 1).reach, CONTEXT_FRAMES) + 1  # as above


def levelling_reach(spec: MelSpec, rounds: int) -> int:
    """Of band gains."""
    return sum(places.reach for places in places_of(spec, rounds)) + 1  # as above

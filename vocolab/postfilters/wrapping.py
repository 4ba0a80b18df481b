"""A vocoder with what is to be done to its output."""

from __future__ import annotations

from vocolab.interfaces import Vocoder
from vocolab.postfilters.options import PostfilterOptions


def with_postfilters(vocoder: Vocoder, options: PostfilterOptions) -> Vocoder:
    """`vocoder` denoised, brought to the levels of its mel, and then refined, as far as the options say so; itself where they say nothing."""
    if options.denoise_db is not None:
        from vocolab.postfilters.denoising import Denoised

        vocoder = Denoised(vocoder, options.denoise_db)
    if options.band_gains:
        from vocolab.postfilters.band_gains import Levelled

        vocoder = Levelled(vocoder, options.band_gains)
    if options.refine:
        from vocolab.postfilters.consistency import Refined

        vocoder = Refined(vocoder, options.refine)
    return vocoder

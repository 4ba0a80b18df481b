"""A vocoder with what is to be done to its output."""

from __future__ import annotations

from vocolab.interfaces import Vocoder
from vocolab.postfilters.options import PostfilterOptions


def with_postfilters(vocoder: Vocoder, options: PostfilterOptions) -> Vocoder:
    """`vocoder` with what the options say done to its output; itself where they say nothing.

    It is denoised, refined, given fresh noise, and its bands brought to their levels, in this order: refinement would
    take the noise for something to be made consistent, and only band gains leave it as it is.
    """
    if options.denoise_db is not None:
        from vocolab.postfilters.denoising import Denoised

        vocoder = Denoised(vocoder, options.denoise_db)
    if options.refine:
        from vocolab.postfilters.consistency import Refined

        vocoder = Refined(vocoder, options.refine)
    if options.fresh_noise:
        from vocolab.postfilters.fresh_noise import FreshNoise

        vocoder = FreshNoise(vocoder)
    if options.band_gains:
        from vocolab.postfilters.band_gains import Levelled

        vocoder = Levelled(vocoder, options.band_gains)
    return vocoder

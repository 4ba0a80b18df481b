"""Loudness, peaks and levels as ITU-R BS.1770-5 and EBU R 128 define them. Imports scipy."""

from vocolab.loudness.meter import LoudnessMeter, measure
from vocolab.loudness.reading import Loudness, LoudnessCurves

__all__ = ["Loudness", "LoudnessCurves", "LoudnessMeter", "measure"]

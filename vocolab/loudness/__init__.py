"""Loudness and peaks as ITU-R BS.1770-5 and EBU R 128 define them. Imports scipy."""

from vocolab.loudness.meter import Loudness, LoudnessMeter, measure

__all__ = ["Loudness", "LoudnessMeter", "measure"]

"""What acoustic models learn beside the mel: F0, voicing and energy of recordings, frame for frame with it."""

from vocolab.features.measuring import Features, measure_features

__all__ = ["Features", "measure_features"]

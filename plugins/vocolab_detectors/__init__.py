"""Detectors of what is wrong with a recording beside what restoration repairs: offset, channels, bandwidth, levels."""

"""Detectors of the faults that restoration repairs. Each measures what its effect measures, so that they agree."""

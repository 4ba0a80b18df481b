"""Every reader of vocolab as a function of a file, and the smallest good file of its kind to begin from."""

from __future__ import annotations

import fuzzed_converters
import fuzzed_corpora
import fuzzed_own
import fuzzed_packages
import fuzzed_serving
import fuzzed_settings
import fuzzed_sounds
import fuzzed_texts
import fuzzed_voices
import fuzzed_weights
from target import Target

TARGETS: dict[str, Target] = {
    **fuzzed_sounds.TARGETS, **fuzzed_weights.TARGETS, **fuzzed_settings.TARGETS, **fuzzed_corpora.TARGETS,
    **fuzzed_own.TARGETS, **fuzzed_texts.TARGETS, **fuzzed_voices.TARGETS, **fuzzed_converters.TARGETS,
    **fuzzed_serving.TARGETS, **fuzzed_packages.TARGETS,
}
SLOW: dict[str, Target] = fuzzed_converters.GIVEN
"""What `make fuzz` tries beside them."""

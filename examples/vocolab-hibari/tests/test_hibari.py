"""What this synthesizer promises beyond vocolab's contract, which `pytest --vocolab vocolab-hibari` tests."""

from __future__ import annotations

from vocolab import Sentence, Word

from vocolab_hibari.plugin import HibariOptions
from vocolab_hibari.synthesizer import Hibari

SENTENCE = Sentence((Word("hello", "Hello", 0, 5), Word("there", "there", 6, 11, punctuation=".")))


def test_twice_the_speed_is_half_as_long() -> None:
    slow, fast = (Hibari(HibariOptions(speed=speed), None).synthesize(SENTENCE).audio.seconds for speed in (1.0, 2.0))
    assert 0.35 < fast / slow < 0.75

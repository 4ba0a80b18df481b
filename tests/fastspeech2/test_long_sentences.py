"""A sentence of forty words is as loud and as clear at its end as at its beginning; clips of training are shorter."""

from __future__ import annotations

import numpy as np
import pytest

import vocolab
from vocolab.audio import Audio
from vocolab.bench.judges.client import Judges
from vocolab.bench.judges.environment import judges_python
from vocolab.bench.speech.words import spelled_words, word_errors
from vocolab.catalog import Catalog
from vocolab.errors import DependencyMissing
from vocolab.mels.extract import extract
from vocolab.speaking.speech import Speech
from vocolab.texts.opening import open_speaker

TEXT = (
    "The captain of the little harbor boat told every passenger who stepped on board that morning that the wind would "
    "turn before noon and that nobody should stand near the open rail while the heavy ropes were pulled in again."
)
QUARTER = 10

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["hana-22k", "readers-22k"])
def speech(request: pytest.FixtureRequest) -> Speech:
    said = vocolab.say(TEXT, voice=request.param)
    assert len(said.words) == 4 * QUARTER
    return said


def part(speech: Speech, first: int, last: int) -> Audio:
    """From the beginning of one word to the end of another."""
    rate = speech.audio.sample_rate
    start, stop = speech.words[first].start_s, speech.words[last].end_s
    return Audio.mono(speech.audio.samples[0][round(start * rate) : round(stop * rate)], rate)


def test_the_end_is_as_loud_as_the_beginning(speech: Speech) -> None:
    levels = [10 * np.log10(np.mean(part(speech, first, first + QUARTER - 1).samples ** 2))
              for first in range(0, 4 * QUARTER, QUARTER)]
    assert max(levels) - min(levels) < 4.0
    assert abs(levels[-1] - levels[0]) < 3.0


def test_the_end_has_as_much_contrast_as_the_beginning(speech: Speech) -> None:
    """A mel that has faded to the mean of all sounds has the same bands in every frame."""
    assert speech.mel is not None
    spec = speech.mel.spec
    moves = [extract(part(speech, first, first + QUARTER - 1), spec).values.std(axis=1).mean()
             for first in range(0, 4 * QUARTER, QUARTER)]
    assert min(moves) > 0.75 * max(moves)


def test_a_listener_hears_the_end_as_well_as_the_beginning(speech: Speech) -> None:
    try:
        judges_python()
    except DependencyMissing as error:
        pytest.skip(str(error))
    words_of = spelled_words(open_speaker(Catalog.installed()))
    wanted = [word.source or word.word for word in speech.words]
    with Judges() as judges:
        for first in (0, 2 * QUARTER):
            heard = judges.transcript(part(speech, first, first + 2 * QUARTER - 1), "en")
            text = " ".join(wanted[first : first + 2 * QUARTER])
            assert word_errors(words_of(text), words_of(heard)).all <= 2

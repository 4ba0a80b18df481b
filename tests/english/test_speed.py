"""English is quick: loading, and five thousand words on one core."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from vocolab_english.language import English
from vocolab_english.training.homograph_sentences import read_sentences

LOADED = """
import sys, time
start = time.process_time()
from vocolab_english.language import English
english = English()
english.pronounce(english.normalise("Hello."), {})
print(time.process_time() - start, *sorted({"torch", "scipy", "numpy"} & set(sys.modules)))
"""


def test_five_thousand_words_take_less_than_a_second():
    texts = [one.text for one in read_sentences(sorted((Path(__file__).parent / "homographs").glob("*.txt")))]
    english = English()
    english.pronounce(english.normalise("A zyborg."), {})
    start, words = time.process_time(), 0
    for text in texts[::4]:
        words += len(english.pronounce(english.normalise(text), {}))
    assert words > 5000
    assert (time.process_time() - start) / words * 5000 < 1.0


def test_known_words_need_neither_torch_nor_numpy():
    finished = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    seconds, *modules = finished.stdout.split()
    assert modules == []
    assert float(seconds) < 1.0  # 0.2 s on an idle core; other work on the machine counts in part

"""Readers of texts, and of what people know better about words."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from target import Target, call, seed, text_of


def _text(module: str, name: str) -> Callable[[Path], Any]:
    return lambda path: getattr(import_module(module), name)(text_of(path))


def _lexicon(path: Path) -> Any:
    from vocolab.texts.user_words import read_lexicon
    from vocolab_english.language import English
    from vocolab_english.options import EnglishOptions

    return read_lexicon(path, English(EnglishOptions()).parse_phonemes)


@functools.cache
def _speaker() -> Any:
    from vocolab.catalog import Catalog
    from vocolab.texts.opening import open_speaker

    return open_speaker(Catalog.installed(no_plugins=True))


def _spoken(path: Path) -> Any:
    """A whole text of any form, as `vocolab say` reads it."""
    from vocolab.texts.opening import speak
    from vocolab.texts.user_words import read_text_file

    return speak(_speaker(), read_text_file(path))


_SPOKEN = ("Dr. Smith paid $5.20 on 3/4/2021 at 10:30 p.m., i.e. 25% of 1,000 km/h; call 555-1234 or a.b@c.org.\n",
           "# Head\n\n* one **two** `three` III. 1st\n",
           "<speak>One <say-as interpret-as='date'>2001-01-01</say-as></speak>",
           '[{"role": "user", "content": "x"}, {"role": "assistant", "content": "**Two** 2."}]')

TARGETS: dict[str, Target] = {
    "text plain": Target("t.txt", _text("vocolab.texts.plain", "read_plain"), seed("Dr. Smith paid $5.\n\nTwo.")),
    "text ssml": Target("t.xml", _text("vocolab.texts.ssml", "read_ssml"), seed(
        '<speak>One <break time="1s"/><prosody rate="slow" pitch="+2st">two</prosody> '
        '<say-as interpret-as="date">2001-01-01</say-as> &amp; <!-- c --><![CDATA[x]]></speak>')),
    "text markdown": Target("t.md", _text("vocolab.texts.markdown", "read_markdown"), seed(
        "# Head\n\n* one **two** `three`\n\n> [four](http://x) ![five](y)\n\n```py\nsix\n```\n| a | b |\n|---|---|\n")),
    "text messages": Target("t.json", _text("vocolab.texts.messages", "read_messages"), seed(
        '[{"role": "assistant", "content": [{"type": "text", "text": "One \\u00e9 **two**"}]}]')),
    "rules": Target("rules.txt", call("vocolab.texts.user_words", "read_rules"), seed("C++ => C plus plus # c\n")),
    "lexicon": Target("lexicon.txt", _lexicon, seed("# c\nvocolab  V OW1 K AH0 L AE2 B\nNguyen(2) /nwɪn/\n")),
    "table of sentences": Target("t.csv", call("vocolab.bench.speech.prompts", "drawn_sentences", (), 1), seed(
        "LJ1-1|" + "word " * 25 + "\nLJ1-2|" + "word " * 30 + "\n")),
    "spoken text": Target("t.txt", _spoken, seed(*_SPOKEN), cost=2),
}

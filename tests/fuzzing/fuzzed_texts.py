"""Readers of texts, and of what people know better about words."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from target import Target, call, seed, text_of


def _text(module: str, name: str) -> Callable[[Path], Any]:
    return lambda path: getattr(import_module(module), name)(text_of(path))


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
}

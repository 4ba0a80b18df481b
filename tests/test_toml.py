"""TOML that would cost far more than its size."""

from __future__ import annotations

import pytest
from bounded import bounded
from hypothesis import given
from hypothesis import strategies as st

from vocolab import toml

COSTLY = {
    "a key of 20,000 parts": ("a" + ".a" * 20_000 + " = 1", "more than 32 parts"),
    "a header of 20,000 parts": ("[" + "a . " * 20_000 + "a]", "more than 32 parts"),
    "a quoted key of 20,000 parts": ('"a"' + "\t.'b'" * 20_000 + " = 1", "more than 32 parts"),
    "lists in lists": ("a = " + "[" * 100_000, "nested"),
    "65 levels": ("a = " + "[" * 65 + "]" * 65, "levels"),
    "5,000 digits": ("a = " + "9" * 5_000, "can't be read"),
    "5,000 hexadecimal digits": ("a = 0x" + "f" * 5_000, "64 bits"),
    "300,000 tables in a list": ("a = [" + "{}," * 300_000 + "]", "more than 20000 values"),
    "80,000 keys": ("".join(f"k{number} = 1\n" for number in range(80_000)), "more than 20000 values"),
    "strings that never end": ('a = """' + '\\"""' * 200_000, ""),
}


@pytest.mark.parametrize("case", COSTLY)
def test_what_costs_too_much_is_refused(case: str) -> None:
    text, message = COSTLY[case]
    outcome = bounded(lambda: toml.loads(text), more_bytes=300_000_000, cpu_s=10)
    assert isinstance(outcome.error, toml.TOMLDecodeError), outcome
    assert message in str(outcome.error)


def test_dots_elsewhere_are_no_key() -> None:
    dotted = "a." * 100
    text = f'# {dotted}\nx = "{dotted}"\ny = \'{dotted}\'\nz = """\n{dotted}\n"""\nw = [1.5, 2.5]\n' + "v = 1.5\n"
    values = toml.loads(text)
    assert values["x"] == values["y"] == dotted
    assert values["v"] == 1.5


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x7f", min_codepoint=32)), max_size=8))
def test_any_text_comes_through(texts: list[str]) -> None:
    written = ", ".join('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts)
    assert toml.loads(f"a = [{written}]\nb.c.d = 2") == {"a": texts, "b": {"c": {"d": 2}}}

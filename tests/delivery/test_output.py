"""The form of a file: its fields stand in one place, and everybody has them from there."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from vocolab.cli.master import master
from vocolab.cli.render import render
from vocolab.delivery.output import Output, OutputTable
from vocolab.errors import CallError
from vocolab.files.formats import CONTAINERS, Coding, Form, FormatName

NAMES = [field.name for field in fields(Output)]


def test_the_formats_that_can_be_named_are_those_that_can_be_written():
    assert [f".{name}" for name in get_args(FormatName)] == list(CONTAINERS)
    assert [container.format for container in CONTAINERS.values()] == list(get_args(FormatName))


@pytest.mark.parametrize("command", [master, render])
def test_every_field_is_an_option_of_both_commands(command):
    options = {parameter.name: parameter for parameter in command.params}
    assert set(NAMES) <= set(options)
    assert list(options["format"].type.choices) == list(get_args(FormatName))
    assert (options["quality"].type.min, options["quality"].type.max) == (0, 10)
    assert all(options[name].help for name in NAMES)


def test_every_field_is_one_of_presets_and_of_files():
    assert list(OutputTable.model_fields) == NAMES
    coded = [field.name for field in fields(Coding)]
    assert set(coded) < set(NAMES)
    assert [field.name for field in fields(Form)] == [*coded, "seed", "tags", "keeps_tags"]


def test_a_presets_bit_depth_is_for_formats_that_have_one():
    preset = Output(bit_depth=24)
    assert preset.form(Output(format="mp3")).bit_depth is None
    assert preset.form(Output(format="flac")).bit_depth == 24
    assert preset.form(Output(format="mp3", bit_depth=16)).bit_depth == 16, "stated, so it is refused later"


def test_a_named_file_states_its_format():
    assert Output().of_file("a.FLAC") == Output(format="flac")
    with pytest.raises(CallError, match=r"a\.flac: the suffix and the format wav contradict each other"):
        Output(format="wav").of_file("a.flac")

"""Errors carry their facts: through boundaries, copies and processes, with nobody reading their sentences."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from vocolab import errors
from vocolab.errors import (
    AudioError,
    DocumentError,
    MelMismatch,
    MissedTarget,
    OptionError,
    OptionProblem,
    PresetError,
    Subject,
    UnknownName,
    VocolabError,
    listed,
    naming,
)
from vocolab.mels.conventions import convention
from vocolab.options import EffectOptions, make_options

BUILT_OTHERWISE = {
    UnknownName: lambda: UnknownName("vocoder", "hifgan", ["hifigan", "vocos"], hint="Look again.", about="p.toml"),
    OptionError: lambda: OptionError([OptionProblem("mix", "too much", found="2.0")], owner="eq", about="p.toml"),
    DocumentError: lambda: DocumentError(["c.toml:1: no", "c.toml:2: nor this"]),
    PresetError: lambda: PresetError(["p.toml:1: no", "p.toml:2: nor this"]),
    MelMismatch: lambda: MelMismatch("another convention", ["fmax_hz"], about="take.npy"),
}


def tree(root: type[VocolabError]) -> Iterator[type[VocolabError]]:
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


CLASSES = list(tree(VocolabError))


def built(cls: type[VocolabError]) -> VocolabError:
    make = BUILT_OTHERWISE.get(cls)
    error = make() if make else cls("the message", about=Path("folder/take.wav"))
    return error.about("eq", "effect").extended(" (and more)")


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_class_survives_pickling_and_copying_with_all_its_facts(cls: type[VocolabError]) -> None:
    error = built(cls)
    ways = [copy.copy, copy.deepcopy]
    ways += [lambda e, p=protocol: pickle.loads(pickle.dumps(e, p)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for way in ways:
        other = way(error)
        assert type(other) is cls
        assert vars(other) == vars(error)
        assert (str(other), other.args, other.exit_code) == (str(error), error.args, error.exit_code)


def test_the_tree_is_drawn_and_exported() -> None:
    for cls in CLASSES:
        if cls.__module__ == errors.__name__:
            assert cls.__name__ in errors.__all__
            assert f" {cls.__name__} " in errors.__doc__, f"{cls.__name__} is missing from the drawing"


def test_errors_come_back_from_other_processes() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        with pytest.raises(UnknownName) as unknown:
            pool.submit(convention, "hifigan-23k").result(timeout=120)
        with pytest.raises(OptionError, match="eq mix: ") as wrong:
            pool.submit(make_options, EffectOptions, {"mix": 3.0}, "eq").result(timeout=120)
    assert unknown.value.suggestion
    assert (wrong.value.owner, wrong.value.problems[0].option, wrong.value.problems[0].found) == ("eq", "mix", "3.0")


def test_boundaries_add_what_they_know_and_leave_the_error_alone() -> None:
    error = MissedTarget("-16 LUFS is out of reach")
    outer = error.about("loudness", "effect").about("take.wav", "job")
    assert str(outer) == "take.wav: loudness: -16 LUFS is out of reach"
    assert outer.subjects == (Subject("take.wav", "job"), Subject("loudness", "effect"))
    assert (outer.subject("effect"), outer.subject("package")) == ("loudness", "")
    assert str(error) == "-16 LUFS is out of reach"
    assert type(outer) is MissedTarget
    assert str(outer.extended("; raise the ceiling")).endswith("out of reach; raise the ceiling")


def test_whoever_was_nearer_knew_better() -> None:
    error = AudioError("the file is empty", about=Path("beside.json"))
    assert error.about("weights.pt") is error  # a file is named already
    assert error.about("beside.json", "job") is error  # that name stands there already
    assert str(error.about("weights.pt", "job")) == "weights.pt: beside.json: the file is empty"


def test_naming_adds_a_subject_to_what_leaves_the_block() -> None:
    error = AudioError("the file is empty")
    with pytest.raises(AudioError, match=r"^take\.wav: the file is empty$") as named, naming("take.wav"):
        raise error
    assert named.value.__cause__ is error
    with pytest.raises(AudioError) as same, naming("other.wav"):
        raise named.value
    assert same.value is named.value
    with pytest.raises(ValueError, match=r"^not ours$"), naming("take.wav"):
        raise ValueError("not ours")


def test_one_problem_is_worded_with_all_that_is_known() -> None:
    with pytest.raises(OptionError) as error:
        make_options(EffectOptions, {"mixx": 1.0}, "eq")
    assert str(error.value) == "eq mixx: unknown option. Did you mean 'mix'? Options: enabled, mix"
    assert error.value.problems == (
        OptionProblem("mixx", "unknown option", kind="unknown", allowed=("enabled", "mix"), near="mix"),
    )
    assert error.value.has_unknown
    assert not OptionError("a sentence").has_unknown


def test_unknown_options_stand_together_and_what_there_is_stands_once() -> None:
    def unknown(name: str, near: str = "") -> OptionProblem:
        return OptionProblem(name, "unknown option", kind="unknown", allowed=("one", "two"), near=near)

    under = OptionProblem("two", "has to be under 3", found="4")
    problems = [unknown("a"), unknown("onee", "one"), under, unknown("b")]
    assert str(OptionError(problems, owner="[model]")) == (
        "[model] a, b: unknown options; onee: unknown option. Did you mean 'one'?; two: has to be under 3 (got 4); "
        "options: one, two"
    )
    assert str(under.within("objective")) == "objective.two: has to be under 3 (got 4)"


def test_lists_say_how_many_more_there_are() -> None:
    assert listed("abc") == "a, b, c"
    assert listed("abcdef", 4) == "a, b, c, d and 2 more"
    assert listed([1, 2, 3], 1, separator="; ") == "1; and 2 more"
    assert listed([]) == ""

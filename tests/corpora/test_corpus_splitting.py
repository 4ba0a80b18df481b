"""No text is on both sides, and the choice is the seed's alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocolab.corpora.splitting import hold_out, prompt_key, usual_count, with_same_text
from vocolab.errors import CorpusError

TEXTS = st.lists(st.sampled_from(["One.", "one", "Two, then.", "two then", "Three", "", "four"]), min_size=2,
                 max_size=20)


@given(texts=TEXTS, wanted=st.integers(1, 10), seed=st.integers(0, 5))
def test_no_text_is_on_both_sides(texts: list[str], wanted: int, seed: int) -> None:
    prompts = {f"clip{index}": text for index, text in enumerate(texts)}
    try:
        chosen = hold_out(prompts, wanted, seed)
    except CorpusError:
        assert len({prompt_key(text) for text in texts}) == 1 and "" not in texts
        return
    assert chosen and chosen < set(prompts)
    inside = {prompt_key(prompts[name]) for name in chosen} - {""}
    outside = {prompt_key(prompts[name]) for name in set(prompts) - chosen} - {""}
    assert not inside & outside


def test_the_choice_knows_neither_order_nor_names() -> None:
    texts = [f"sentence {index}" for index in range(40)]
    forwards = hold_out({f"a{index}": text for index, text in enumerate(texts)}, 8, 3)
    backwards = hold_out({f"a{index}": texts[index] for index in reversed(range(40))}, 8, 3)
    renamed = hold_out({f"b{index}": text for index, text in enumerate(texts)}, 8, 3)
    assert forwards == backwards == {name.replace("b", "a") for name in renamed}
    assert len(forwards) == 8
    assert forwards != hold_out({f"a{index}": text for index, text in enumerate(texts)}, 8, 4)


@pytest.mark.parametrize(("clips", "held_out"), [(2, 1), (29, 1), (31, 2), (100, 5), (990, 50), (13_100, 50)])
def test_where_nobody_says_one_in_twenty_is_held_out_and_at_most_fifty(clips: int, held_out: int) -> None:
    assert usual_count(clips) == held_out
    prompts = {f"clip{index}": f"sentence {index}" for index in range(clips)}
    assert hold_out(prompts) == hold_out(prompts, held_out, 0) and len(hold_out(prompts)) == held_out


def test_clips_that_join_hardly_move_the_choice() -> None:
    prompts = {f"a{index}": f"sentence {index}" for index in range(100)}
    more = prompts | {f"c{index}": f"another {index}" for index in range(3)}
    assert len(hold_out(prompts, 10, 0) - hold_out(more, 10, 0)) <= 3


def test_case_marks_and_forms_of_letters_do_not_make_another_prompt() -> None:
    assert prompt_key("  „Hello“ — you!") == prompt_key("HELLO you") == prompt_key("\uff28ello you") == "helloyou"


def test_clips_of_a_held_out_text_are_held_out() -> None:
    prompts = {"a": "Yes.", "b": "No.", "c": "yes", "d": "", "e": ""}
    assert with_same_text(prompts, ["a", "d", "nobody"]) == {"a", "c", "d"}


def test_one_prompt_cannot_be_split() -> None:
    with pytest.raises(CorpusError, match="same text"):
        hold_out({"a": "Yes.", "b": "yes"}, 1, 0)

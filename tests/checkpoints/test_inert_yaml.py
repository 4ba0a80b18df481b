"""Configs in YAML: nothing is built by name, and little text stays little work."""

from __future__ import annotations

import pytest
from bounded import bounded

from vocolab.checkpoints.config_files import parse_config
from vocolab.errors import CheckpointError

COSTLY = {
    "merges that double": "a0: &a0 {x: 1, y: 2}\n" + "".join(
        f"a{k}: &a{k} {{<<: [*a{k - 1}, *a{k - 1}]}}\n" for k in range(1, 60)),
    "keys of one hash": "\n".join(f"{k * (2**61 - 1)}: 0" for k in range(1, 3_000)),
    "brackets": "a: " + "[" * 100_000,
    "too long": "a: 1\n" * 300_000,
    "5,000 digits": "a: " + "9" * 5_000,
    "a number of 300 digits": "a: {b: [1, " + "9" * 300 + "]}",
    "sixties": "a: 1" + ":59" * 100_000 + ".5",
    "a list as a key": "{[1, 2]: 3}", "no table": "- 1",
    "no date": "a: !!timestamp x", "no number": "a: !!int ''", "a list as a number": "a: !!float [1]",
}


@pytest.mark.parametrize("case", COSTLY)
def test_costly_and_broken_configs_are_refused(case: str) -> None:
    outcome = bounded(lambda: parse_config(COSTLY[case], "c.yaml", as_json=False), more_bytes=300_000_000)
    assert isinstance(outcome.error, CheckpointError), outcome
    assert "\n" not in str(outcome.error)


def test_tags_merges_and_aliases_are_plain() -> None:
    text = "a: &a !new:os.system {x: 1}\nb: {<<: *a, y: !!python/tuple [1, 2]}\nc: !ref <a>\nd: *a\n1: 2\n0.5: 3\n"
    assert parse_config(text, "c.yaml", as_json=False) == {
        "a": {"x": 1}, "b": {"x": 1, "y": [1, 2]}, "c": {"x": 1}, "d": {"x": 1}, 1: 2, 0.5: 3,
    }


def test_several_documents_are_one_table_and_references_are_followed() -> None:
    text = "rate: 22050\n---\naudio: {rate: !ref <rate>, hop: '${sizes.hop}', other: <nothing>}\nsizes: {hop: 256}\n"
    assert parse_config(text, "c.yaml", as_json=False)["audio"] == {"rate": 22050, "hop": 256, "other": "<nothing>"}


def test_references_that_double_are_given_up() -> None:
    text = "a0: 1\n" + "".join(f"a{k}: ['${{a{k - 1}}}', '${{a{k - 1}}}']\n" for k in range(1, 60))
    outcome = bounded(lambda: len(parse_config(text, "c.yaml", as_json=False)), more_bytes=300_000_000)
    assert outcome.value == 60, outcome


def test_a_list_that_is_named_ten_thousand_times_is_looked_at_once() -> None:
    text = "a: &a [" + "1," * 50_000 + "]\nb: [" + "*a," * 50_000 + "]\n"
    outcome = bounded(lambda: len(parse_config(text, "c.yaml", as_json=False)), more_bytes=500_000_000)
    assert outcome.value == 2, outcome

"""Presets of strangers that are large: what is done with them is counted, and so is what is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from bounded import bounded

from vocolab.catalog import Catalog
from vocolab.chain import preset_plan
from vocolab.chain.preset_plan import MOST_EFFECTS
from vocolab.chain.presets import check_preset
from vocolab.errors import PresetError
from vocolab.errors.wording import LONGEST_PROBLEM, MOST_PROBLEMS

HEAD = 'format = 1\nsummary = "x"\n'
COSTLY = {
    "40,000 effects": HEAD + "effects = [" + '{use = "gain"},' * 40_000 + "]\n",
    "9,000 effects": HEAD + '[[effects]]\nuse = "gain"\n' * 9_000,
    "9,000 effects that nobody has": HEAD + '[[effects]]\nuse = "no"\n' * 9_000,
    "19,000 unknown keys": HEAD + "".join(f"k{number} = 1\n" for number in range(19_000)),
    "19,000 unknown options": HEAD + '[[effects]]\nuse = "gain"\n' + "".join(f"k{n} = 1\n" for n in range(19_000)),
    "a key of 900 kB": HEAD + "k" * 900_000 + " = 1\n",
    "a value of 900 kB": HEAD + f'[target]\nintegrated_lufs = "{"x" * 900_000}"\n',
    "a name of 900 kB": HEAD + f'[[effects]]\nuse = "{"x" * 900_000}"\n',
}


@pytest.mark.parametrize("case", COSTLY)
def test_a_large_preset_is_refused_in_few_words(case: str, tmp_path: Path) -> None:
    file = tmp_path / "large.toml"
    file.write_text(COSTLY[case])
    catalog = Catalog.installed(no_plugins=True)
    outcome = bounded(lambda: check_preset(file, catalog), more_bytes=500_000_000, cpu_s=10)
    assert isinstance(outcome.error, PresetError), outcome
    assert len(outcome.error.problems) <= MOST_PROBLEMS + 1
    assert max(map(len, outcome.error.problems)) <= LONGEST_PROBLEM


def test_too_many_effects_are_counted_and_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    real = preset_plan._Check._effect

    def counted(self, number, table):
        looked_at.append(number)
        return real(self, number, table)

    monkeypatch.setattr(preset_plan._Check, "_effect", counted)
    file, catalog = tmp_path / "p.toml", Catalog.installed(no_plugins=True)
    file.write_text(HEAD + '[[effects]]\nuse = "gain"\n' * MOST_EFFECTS)
    assert len(check_preset(file, catalog).steps) == len(looked_at) == MOST_EFFECTS
    file.write_text(HEAD + '[[effects]]\nuse = "gain"\n' * (MOST_EFFECTS + 1))
    with pytest.raises(PresetError, match="201 effects; a preset has 200 at most"):
        check_preset(file, catalog)
    assert len(looked_at) == MOST_EFFECTS

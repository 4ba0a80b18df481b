"""One plugin's failure costs one plugin, and everything knows where it came from."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from plugin_fakes import effect, entry_point, module, publish, vocoder

from vocolab.errors import CallError, UnknownName
from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.host import Entry, PluginHost, resolve
from vocolab.plugins.specs import EffectSpec, VocoderSpec


def effects_of(host: PluginHost) -> list[Entry[EffectSpec]]:
    return host.collect("vocolab_effects", EffectSpec)


def boom() -> Any:
    raise RuntimeError("boom")


def host_of(monkeypatch: pytest.MonkeyPatch, **kwargs: Any) -> PluginHost:
    """Nine entry points: four in order, five broken in five ways."""
    plugins = {
        "p_home": (module("p_home", vocolab_effects=lambda: [effect("limiter")]), "vocolab"),
        "p_echo": (module("p_echo", vocolab_effects=lambda: [effect("echo")]), "vocolab-echo"),
        "p_clash": (module("p_clash", vocolab_effects=lambda: [effect("limiter")]), "vocolab-clash"),
        "p_raises": (
            module("p_raises", vocolab_effects=boom, vocolab_vocoders=lambda: [vocoder("works")]), "vocolab-raises"
        ),
        "p_newhook": (module("p_newhook", vocolab_codecs=lambda: []), "vocolab-newhook"),
        "p_badarg": (module("p_badarg", vocolab_effects=lambda rate: []), "vocolab-badarg"),
        "p_half": (
            module("p_half", vocolab_effects=lambda: [effect("ghost")], vocolab_vocoders=lambda rate: []),
            "vocolab-half",
        ),
        "p_empty": (module("p_empty"), "vocolab-empty"),
    }
    for made, _ in plugins.values():
        publish(monkeypatch, made)
    # Two of the entry points have the same name on purpose.
    names = {"p_home": "mastering", "p_clash": "mastering"}
    entries = [entry_point(names.get(key, key), key, dist) for key, (_, dist) in plugins.items()]
    entries.append(entry_point("missing", "p_not_there", "Vocolab_Missing"))
    return PluginHost(entries, **kwargs)


def test_a_broken_plugin_costs_itself_only(monkeypatch: pytest.MonkeyPatch) -> None:
    host = host_of(monkeypatch)
    names = [(entry.dist, entry.name) for entry in effects_of(host)]
    assert names == [("vocolab", "limiter"), ("vocolab-clash", "limiter"), ("vocolab-echo", "echo")]
    status = {record.dist: record.status for record in host.records}
    assert status == {
        "vocolab": "ok", "vocolab-echo": "ok", "vocolab-clash": "ok", "vocolab-raises": "error",
        "vocolab-newhook": "error", "vocolab-badarg": "error", "vocolab-half": "error", "vocolab-empty": "error",
        "vocolab-missing": "error",
    }


@pytest.mark.parametrize(
    ("dist", "words"),
    [
        ("vocolab-raises", "vocolab_effects: RuntimeError: boom"),
        ("vocolab-newhook", "vocolab_codecs, unknown to this vocolab; upgrade"),
        ("vocolab-badarg", "rate"),
        ("vocolab-half", "rate"),
        ("vocolab-empty", "no hook"),
        ("vocolab-missing", "ModuleNotFoundError: No module named 'p_not_there'"),
    ],
)
def test_the_record_says_what_is_wrong_in_one_line(monkeypatch: pytest.MonkeyPatch, dist: str, words: str) -> None:
    host = host_of(monkeypatch)
    effects_of(host)
    (record,) = (record for record in host.records if record.dist == dist)
    assert words in record.error
    assert "\n" not in record.error


def test_a_hook_that_raises_leaves_the_plugins_other_hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    host = host_of(monkeypatch)
    effects_of(host)
    assert [entry.name for entry in host.collect("vocolab_vocoders", VocoderSpec)] == ["works"]


def test_a_half_registered_plugin_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    host = host_of(monkeypatch)
    assert "ghost" not in [entry.name for entry in effects_of(host)]
    good = module("p_good", vocolab_effects=lambda: [effect("later")])
    assert host.register(good, "p_half", dist="vocolab-half").status == "ok"
    assert "later" in [entry.name for entry in effects_of(host)]


def test_builtin_plugins_come_first_whatever_their_names() -> None:
    host = PluginHost([entry_point("z", "sys", "vocolab"), entry_point("a", "sys", "aaa")])
    assert [record.dist for record in host.records] == ["vocolab", "aaa"]


def test_the_allow_list_goes_by_plugin_or_distribution_and_never_stops_a_builtin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for allowed in ("p_echo", "vocolab-echo"):
        host = host_of(monkeypatch, allow=frozenset({allowed}))
        assert [entry.name for entry in effects_of(host)] == ["limiter", "echo"]
    host = host_of(monkeypatch, allow=frozenset())
    assert [entry.dist for entry in effects_of(host)] == ["vocolab"]
    assert {record.status for record in host.records if not record.builtin} == {"disabled"}


def test_a_disabled_plugin_is_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    PluginHost([entry_point("x", "this", "vocolab-x")], allow=frozenset())
    assert "this" not in sys.modules


def test_strict_raises_what_the_plugin_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModuleNotFoundError, match="p_not_there"):
        PluginHost([entry_point("missing", "p_not_there", "x")], strict=True)
    host = PluginHost([], strict=True)
    host.register(module("m", vocolab_effects=boom), "m")
    with pytest.raises(RuntimeError, match="boom"):
        effects_of(host)


def test_a_plugin_that_exits_at_import_does_not_end_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "p_exits.py").write_text("raise SystemExit(3)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    host = PluginHost([entry_point("exits", "p_exits", "vocolab-exits")])
    host.load_all()
    assert "SystemExit" in host.records[0].error


def test_a_second_plugin_of_the_same_key_is_refused_and_the_first_one_stays() -> None:
    host = PluginHost([])
    assert host.register(module("one", vocolab_effects=lambda: [effect("one")]), "same").status == "ok"
    assert "already" in host.register(module("two", vocolab_effects=lambda: [effect("two")]), "same").error
    assert [entry.name for entry in effects_of(host)] == ["one"]
    assert [record.status for record in host.records] == ["ok", "error"]


def test_a_wrapper_is_refused() -> None:
    class Wrapping:
        @hookimpl(wrapper=True)
        def vocolab_effects(self) -> Any:
            return (yield)

    host = PluginHost([])
    assert "wrapper" in host.register(Wrapping(), "wrapping").error


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "None"),
        ("limiter", "iterable of EffectSpec"),
        (effect("limiter"), "iterable of EffectSpec"),
        ([vocoder("x")], "item 0 is VocoderSpec"),
        ([EffectSpec], "the class EffectSpec"),
        ([effect("a"), effect("a")], "more than one EffectSpec named a"),
        ([effect("a", options=dict)], "not a subclass of EffectOptions"),
    ],
)
def test_what_a_hook_gives_is_checked(given: Any, words: str) -> None:
    host = PluginHost([])
    record = host.register(module("m", vocolab_effects=lambda: given), "m")
    assert effects_of(host) == []
    assert record.error.startswith("vocolab_effects: ") and words in record.error


def test_each_hook_is_called_once_a_host() -> None:
    calls: list[int] = []

    def hook() -> list[EffectSpec]:
        calls.append(1)
        return [effect("x")]

    host = PluginHost([])
    host.register(module("m", vocolab_effects=hook), "m")
    effects_of(host)
    effects_of(host)
    assert len(calls) == 1


def test_an_entry_point_without_readable_metadata_is_local() -> None:
    from importlib.metadata import EntryPoint

    host = PluginHost([EntryPoint("x", "sys", "vocolab")])
    assert host.records[0].dist == "local"


def entries(*pairs: tuple[str, str]) -> list[Entry[EffectSpec]]:
    return [Entry(effect(name), dist) for dist, name in pairs]


def test_a_bare_name_is_the_builtin_one_whoever_else_has_it() -> None:
    pool = entries(("other", "limiter"), ("vocolab", "limiter"))
    assert resolve(pool, "limiter", kind="effect").dist == "vocolab"
    assert resolve(pool, "other/limiter", kind="effect").dist == "other"


def test_a_bare_name_is_the_only_one() -> None:
    assert resolve(entries(("other", "plate")), "plate", kind="effect").dist == "other"


def test_an_ambiguous_name_lists_the_qualified_ones() -> None:
    with pytest.raises(CallError, match="write 'a/plate' or 'b/plate'") as caught:
        resolve(entries(("b", "plate"), ("a", "plate")), "plate", kind="effect")
    assert caught.value.exit_code == 2


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"no effect named 'limitr'. Did you mean 'limiter'"):
        resolve(entries(("vocolab", "limiter")), "limitr", kind="effect")


def test_an_unknown_name_says_which_failed_plugin_may_have_had_it(monkeypatch: pytest.MonkeyPatch) -> None:
    host = PluginHost([entry_point("tape", "p_tape_gone", "vocolab-tape", "0.2")])
    host.load_all()
    for wanted in ("saturate", "vocolab-tape/saturate"):
        with pytest.raises(UnknownName, match=r"vocolab-tape 0\.2 failed to load and may have had it.*p_tape_gone"):
            resolve([], wanted, kind="effect", hooks=["vocolab_effects"], records=host.records)
    with pytest.raises(UnknownName) as caught:
        resolve([], "other/saturate", kind="effect", hooks=["vocolab_effects"], records=host.records)
    assert "tape" not in str(caught.value)


def test_an_unknown_name_says_which_plugins_are_switched_off() -> None:
    host = PluginHost([entry_point("tape", "p_tape", "vocolab-tape")], allow=frozenset())
    with pytest.raises(UnknownName, match=r"switched off.*vocolab-tape"):
        resolve([], "saturate", kind="effect", hooks=["vocolab_effects"], records=host.records)

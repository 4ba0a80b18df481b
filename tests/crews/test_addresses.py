"""Addresses of clusters, and workers that may not work."""

from __future__ import annotations

import socket

import pytest

from vocolab.crews import hiring
from vocolab.errors import CallError, DependencyMissing, VocolabError


@pytest.mark.parametrize("address", ["nonsense", ":80", "host:", "host:0", "host:99999", "ray://host"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(CallError, match=r"is no address: give HOST:PORT"):
        hiring._check_reachable(address)


def test_an_address_where_nobody_listens_is_refused_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(CallError, match="there is no Ray cluster"):
        hiring._check_reachable(f"127.0.0.1:{port}")


@pytest.mark.parametrize(("theirs", "has"), [({"vocolab": "9.9"}, "vocolab 9.9"), ({}, "no vocolab")])
def test_a_worker_with_another_version_is_refused_by_name(theirs: dict[str, str], has: str) -> None:
    with pytest.raises(VocolabError, match=rf"the worker anna has {has}, and this machine has vocolab 0\.1: "):
        hiring.check_versions("anna", theirs, {"vocolab": "0.1"})


def test_a_worker_may_lack_nothing_that_is_here() -> None:
    ours = hiring.own_versions()
    assert "vocolab" in ours
    hiring.check_versions("anna", {**ours, "more": "1"}, ours)
    with pytest.raises(VocolabError, match="has no plugin, "):
        hiring.check_versions("anna", ours, {**ours, "plugin": "1"})


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(DependencyMissing, match=r"pip install 'vocolab\[cluster\]'"), hiring.joined("127.0.0.1:1"):
        pass

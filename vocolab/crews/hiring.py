"""Joining a Ray cluster: whether there is one, which nodes it has, and whether they can do the work.

What is sent before a node is known to have this version of vocolab uses nothing but Python.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points, version
from typing import Any

from vocolab.crews.sent_files import Sight
from vocolab.errors import CallError, DependencyMissing, VocolabError

_CLIENT, _ANY = "ray://", "auto"
_CONNECTS_S, _ANSWERS_S, _LEARNS_S = 5.0, 120.0, 30.0


@dataclass(frozen=True)
class Hired:
    """The nodes that work.

    Attributes:
        processors: Of all of them.
        names: Of the nodes.
        sees_files: Whether all of them see the files that were named.
    """

    processors: int
    names: tuple[str, ...]
    sees_files: bool


@contextmanager
def joined(address: str) -> Iterator[Any]:
    """The package `ray`, in a cluster.

    Raises:
        DependencyMissing: if it is not installed.
        CallError: if there is no cluster at the address.
    """
    try:
        import ray
    except ImportError as error:
        raise DependencyMissing("--cluster needs Ray: pip install 'vocolab[cluster]'") from error
    _check_reachable(address)
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.CRITICAL, configure_logging=True)
    except Exception as error:  # Ray's own have no common class
        raise CallError(_no_cluster(address, f"{type(error).__name__}: {error}")) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def hire(ray: Any, sight: Sight) -> Hired:
    """Ask every node what it has.

    Raises:
        VocolabError: if one has another version of vocolab, or of a plugin, or does not answer.
    """
    ours, nodes = own_versions(), []
    for node, theirs in _asked(ray, _alive(ray), _versions_task(), list(ours)):
        check_versions(_name(node), theirs, ours)
        nodes.append(node)
    sees = all(clear for _, clear in _asked(ray, nodes, _sees, sight))
    processors = int(sum(node["Resources"].get("CPU", 0) for node in nodes))
    if not processors:
        raise VocolabError("the cluster has no processor to work on")
    return Hired(processors, tuple(map(_name, nodes)), sees)


def _alive(ray: Any) -> list[dict[str, Any]]:
    return [node for node in ray.nodes() if node["Alive"]]


def _has_gone(ray: Any, node: dict[str, Any]) -> bool:
    """Whether a node that did not answer is dead: the cluster learns of that a while later."""
    until_s = time.monotonic() + _LEARNS_S
    while node["NodeID"] in {one["NodeID"] for one in _alive(ray)}:
        if time.monotonic() > until_s:
            return False
        time.sleep(0.5)
    return True


def _asked(ray: Any, nodes: Sequence[dict[str, Any]], function: Any, argument: Any) -> Iterator[tuple[Any, Any]]:
    """Each node that lives, and what the function gives there."""
    tasks = [_on(ray, node, function).remote(argument) for node in nodes]
    for node, task in zip(nodes, tasks, strict=True):
        try:
            answer = ray.get(task, timeout=_ANSWERS_S)
        except Exception as error:  # Ray's own have no common class
            if _has_gone(ray, node):
                continue
            raise VocolabError(f"the worker {_name(node)} does not answer: {type(error).__name__}: "
                               f"{_last_line(error)}") from error
        yield node, answer


def own_versions() -> dict[str, str]:
    """Of vocolab, and of the packages that its plugins come from."""
    names = {one.dist.name for one in entry_points(group="vocolab") if one.dist is not None}
    return {name: version(name) for name in ("vocolab", *sorted(names - {"vocolab"}))}


def check_versions(worker: str, theirs: dict[str, str], ours: dict[str, str]) -> None:
    """Refuse a worker that would make something else than this machine.

    Raises:
        VocolabError: names the worker, the package and both versions.
    """
    for package, here in ours.items():
        there = theirs.get(package)
        if there != here:
            has = f"{package} {there}" if there else f"no {package}"
            raise VocolabError(f"the worker {worker} has {has}, and this machine has {package} {here}: install the "
                               "same on both")


def _name(node: dict[str, Any]) -> str:
    return f"{node['NodeManagerHostname']} ({node['NodeManagerAddress']}, node {node['NodeID'][:8]})"


def _on(ray: Any, node: dict[str, Any], function: Any) -> Any:
    """A function as a task of that node."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
    return ray.remote(function).options(num_cpus=0, scheduling_strategy=there)


def _versions_task() -> Any:
    """What a node says of its versions; sent as it stands here, since the node may have no vocolab to find it in."""

    def versions(names: list[str]) -> dict[str, str]:
        from importlib.metadata import PackageNotFoundError, version

        found = {}
        for name in names:
            try:
                found[name] = version(name)
            except PackageNotFoundError:
                continue
        return found

    return versions


def _sees(sight: Sight) -> bool:
    return sight.is_clear


def _check_reachable(address: str) -> None:
    """Find out at once whether somebody listens: Ray itself tries for long.

    Raises:
        CallError: if nobody does, or it is no address.
    """
    if address == _ANY:
        return
    host, _, port = address.removeprefix(_CLIENT).rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise CallError(f"--cluster {address!r} is no address: give HOST:PORT, as 'ray start' printed it, "
                        f"{_CLIENT}HOST:10001, or {_ANY} for the one on this machine")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _CONNECTS_S).close()
    except OSError as error:
        raise CallError(_no_cluster(address, error.strerror or str(error))) from error


def _no_cluster(address: str, why: str) -> str:
    return (f"--cluster {address}: there is no Ray cluster that can be joined ({' '.join(why.split())[:300]}); start "
            "one with 'ray start --head', and name the address that it prints")


def _last_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[-1][:300]

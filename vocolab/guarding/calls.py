"""A call of a plugin, whatever it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from vocolab.errors import PluginError, Subject, VocolabError
from vocolab.guarding.origins import Origin
from vocolab.guarding.raised import is_the_plugins_own, text_of
from vocolab.guarding.streams import prints_elsewhere


@contextmanager
def running(origin: Origin, part: str = "") -> Iterator[None]:
    """What the block raises leaves as a `VocolabError` that names the component and its package; prints go to stderr.

    `part` says which part of it fails: "its exporter". The original is its cause. What ends the process passes, and so
    does MemoryError, which is not of the plugin's making.
    """
    with prints_elsewhere():
        try:
            yield
        except MemoryError:
            raise
        except BaseException as error:
            if not is_the_plugins_own(error):
                raise
            named = addressed(error, origin, part)
            if named is error:
                raise
            raise named from (error.__cause__ if isinstance(error, VocolabError) and error.__cause__ else error)


def addressed(error: BaseException, origin: Origin, part: str = "") -> VocolabError:
    """An error that a component raised, with its name; one that says that something is broken with its package too.

    What a `part` of it says of the caller's own file stays as it is.
    """
    if isinstance(error, VocolabError):
        is_the_callers = bool(part) and not isinstance(error, PluginError)
        named = error if is_the_callers else error.about(origin.name, origin.kind)
    else:
        said = f"{part} failed with {type(error).__name__}: {text_of(error)}".strip(": ")
        named = PluginError(said, about=Subject(origin.name, origin.kind))
    if isinstance(named, PluginError) and origin.address:
        named = named.about(origin.address, "package")
    return named


def broken(origin: Origin, message: str) -> PluginError:
    """An error that says what a component did against its contract."""
    found = addressed(PluginError(message), origin)
    assert isinstance(found, PluginError)
    return found

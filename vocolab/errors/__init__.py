"""Everything vocolab raises on purpose.

    VocolabError                 exit 1   the call was right, the work failed
    ├── CallError                exit 2   the call was wrong: fix the command line or the arguments
    │   ├── UnknownName                   no vocoder, voice, preset, effect ... of that name
    │   ├── OptionError                   an option is unknown, of the wrong type or out of range
    │   └── DocumentError                 a TOML file has problems; all of them, with lines
    │       └── PresetError               a preset's
    ├── InputError                        a file or an array that was given can't be used
    │   ├── MelError                      not a mel, or not a usable one
    │   │   └── MelMismatch               a mel of another convention than the vocoder's
    │   ├── AudioError                    not audio, or not usable audio
    │   ├── CorpusError                   a folder of recordings that can't be used
    │   └── CheckpointError               weights that are broken, unsafe or of another model
    │       └── UnsafePickle              a pickle that asks for more than tensors
    ├── OutputError                       the result could not be written; nothing was left behind
    ├── PluginError                       a plugin is broken
    │   └── DependencyMissing             a plugin needs a package that is not installed
    ├── NoVoice                           a vocoder without trained weights
    ├── MissedTarget                      a loudness or peak that can't be reached
    └── TrainingError                     a run that can't start or go on

A message says what was found, what is allowed, and what to do, in one line. What it is about (a file, an effect, a
package) stands beside it in `subjects`: the code that raises an error names what it knows, and each boundary that the
error passes adds what it knows, with `about` or `naming`. Nobody has to read a sentence to learn a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Any, NamedTuple, TypeVar

from vocolab.errors.problems import OptionProblem, problems_text
from vocolab.errors.wording import listed, told

__all__ = [
    "AudioError", "CallError", "CheckpointError", "CorpusError", "DependencyMissing", "DocumentError", "InputError",
    "MelError", "MelMismatch", "MissedTarget", "NoVoice", "OptionError", "OptionProblem", "OutputError", "PluginError",
    "PresetError", "Subject", "TrainingError", "UnknownName", "UnsafePickle", "VocolabError", "listed", "naming",
]  # fmt: skip

V = TypeVar("V", bound="VocolabError")


class Subject(NamedTuple):
    """What an error is about."""

    name: str
    kind: str = "file"
    """"file", "effect", "package", "job" ...: one word for what the name is a name of."""


class VocolabError(Exception):
    """Base of the tree. `about` is a `Subject`, or the path of a file.

    `str` of an error is one line: its subjects, outermost first, then its `message`. An error is never changed once it
    is raised; `about` and `extended` give new ones of the same class with the same facts. It survives pickling and
    copying whatever its class takes to be built.
    """

    exit_code = 1
    """What the command line ends with."""

    def __init__(self, message: str = "", *, about: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.subjects: tuple[Subject, ...] = () if about is None else (_subject(about),)

    def __str__(self) -> str:
        return ": ".join([*(subject.name for subject in self.subjects), self.message])

    def about(self: V, name: object, kind: str = "file") -> V:
        """This error with one more subject in front of those it has.

        The error itself if it names one of that kind, or of that name, already: whoever was nearer knew better.
        """
        subject = _subject(name, kind)
        if any(subject.kind == known.kind or subject.name == known.name for known in self.subjects):
            return self
        return self._with(subjects=(subject, *self.subjects))

    def extended(self: V, text: str) -> V:
        """This error with `text` after its message."""
        return self._with(message=f"{self.message}{text}")

    def subject(self, kind: str) -> str:
        """The name of its subject of that kind, or an empty string."""
        return next((subject.name for subject in self.subjects if subject.kind == kind), "")

    def _with(self: V, **facts: object) -> V:
        other = copy(self)
        vars(other).update(facts)
        other.__cause__, other.__traceback__ = self.__cause__, self.__traceback__
        return other

    def __reduce__(self) -> tuple[Any, ...]:
        # Exception's own way calls the class with `args`, and few classes here can be built from those.
        return _rebuilt, (type(self), self.args, vars(self).copy())


def _rebuilt(cls: type[V], args: tuple[object, ...], facts: dict[str, object]) -> V:
    error = cls.__new__(cls, *args)
    vars(error).update(facts)
    return error


def _subject(about: object, kind: str = "file") -> Subject:
    return about if isinstance(about, Subject) else Subject(str(about), kind)


@contextmanager
def naming(name: object, kind: str = "file") -> Iterator[None]:
    """Add a subject to the errors that leave the block, as `about` does."""
    try:
        yield
    except VocolabError as error:
        named = error.about(name, kind)
        if named is error:
            raise
        raise named from (error.__cause__ or error)


class CallError(VocolabError):
    """The call was wrong: the arguments have to change before it can work."""

    exit_code = 2


class UnknownName(CallError):
    """Nothing of that name is installed."""

    def __init__(
        self, kind: str, name: str, available: Iterable[str], *, hint: str = "", about: object = None
    ) -> None:
        self.kind, self.name, self.available = kind, name, sorted(set(available))
        self.hint = hint
        super().__init__(f"there is no {kind} named {name!r}. {self._advice()}", about=about)

    @property
    def suggestion(self) -> str:
        """The nearest name there is, or an empty string."""
        import difflib

        near = difflib.get_close_matches(self.name, self.available, n=1)
        return near[0] if near else ""

    def _advice(self) -> str:
        if self.hint:
            return self.hint
        if self.suggestion:
            return f"Did you mean {self.suggestion!r}?"
        return f"There is: {', '.join(self.available) or 'none'}"


class OptionError(CallError):
    """An option is unknown, of the wrong type or out of its range.

    `problems` has every one that was found; `owner` is whose options they are. It is empty for an error that was given
    as a sentence.
    """

    def __init__(self, what: str | Sequence[OptionProblem], *, owner: str = "", about: object = None) -> None:
        self.problems: tuple[OptionProblem, ...] = () if isinstance(what, str) else tuple(what)
        self.owner = owner
        super().__init__(what if isinstance(what, str) else problems_text(self.problems, owner), about=about)

    @property
    def has_unknown(self) -> bool:
        """Whether one of the problems is an option that does not exist."""
        return any(problem.kind == "unknown" for problem in self.problems)


class DocumentError(CallError):
    """A TOML file can't be used; `problems` holds one `file:line: ...` a problem, of very many the first 100."""

    def __init__(self, problems: Sequence[str], *, about: object = None) -> None:
        self.problems = told(problems)
        super().__init__("\n".join(self.problems), about=about)


class PresetError(DocumentError):
    """A preset can't be used."""


class InputError(VocolabError):
    """A file or an array that was given can't be used."""


class MelError(InputError):
    """Not a mel spectrogram, or one that can't be rendered."""


class MelMismatch(MelError):
    """A mel of another convention; `fields` names where the two differ."""

    def __init__(self, message: str, fields: Sequence[str] = (), *, about: object = None) -> None:
        self.fields = list(fields)
        super().__init__(message, about=about)


class AudioError(InputError):
    """Not an audio file, or one that can't be processed."""


class CorpusError(InputError):
    """A folder of recordings without metadata, or without a clip for what it is needed for."""


class CheckpointError(InputError):
    """Weights that are truncated, of another model, or not weights at all."""


class UnsafePickle(CheckpointError):
    """A pickle that asks for more than tensors and containers; nothing of it was run."""


class OutputError(VocolabError):
    """The result could not be written. What was there before is untouched."""


class PluginError(VocolabError):
    """A plugin is broken: its author has to mend it."""


class DependencyMissing(PluginError):
    """A plugin is fine, but a package that it imports is not installed."""


class NoVoice(VocolabError):
    """A vocoder was asked to render without trained weights."""


class MissedTarget(VocolabError):
    """A loudness or true peak that can't be reached with what was allowed."""


class TrainingError(VocolabError):
    """A training run that can't start or can't go on."""

"""Everything vocolab raises on purpose.

    VocolabError                 exit 1   the call was right, the work failed
    ├── CallError                exit 2   the call was wrong: fix the command line or the arguments
    │   ├── UnknownName                   no vocoder, voice, preset, effect ... of that name
    │   ├── OptionError                   an option is unknown, of the wrong type or out of range
    │   └── PresetError                   a preset file has problems; all of them, with lines
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

Messages say what was found, what is allowed, and what to do, in one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class VocolabError(Exception):
    """Base of the tree; `exit_code` is what the command line ends with."""

    exit_code = 1


class CallError(VocolabError):
    """The call was wrong: the arguments have to change before it can work."""

    exit_code = 2


class UnknownName(CallError):
    """Nothing of that name is installed."""

    def __init__(self, kind: str, name: str, available: Iterable[str], *, hint: str = "") -> None:
        self.kind, self.name, self.available = kind, name, sorted(set(available))
        self.hint = hint
        super().__init__(kind, name)

    @property
    def suggestion(self) -> str:
        """The nearest name there is, or an empty string."""
        import difflib

        near = difflib.get_close_matches(self.name, self.available, n=1)
        return near[0] if near else ""

    def __str__(self) -> str:
        text = f"there is no {self.kind} named {self.name!r}."
        if self.hint:
            return f"{text} {self.hint}"
        if self.suggestion:
            return f"{text} Did you mean {self.suggestion!r}?"
        return f"{text} There is: {', '.join(self.available) or 'none'}"


class OptionError(CallError):
    """An option is unknown, of the wrong type or out of its range."""


class PresetError(CallError):
    """A preset can't be used; `problems` holds one `file:line: ...` a problem."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class InputError(VocolabError):
    """A file or an array that was given can't be used."""


class MelError(InputError):
    """Not a mel spectrogram, or one that can't be rendered."""


class MelMismatch(MelError):
    """A mel of another convention; `fields` names where the two differ."""

    def __init__(self, message: str, fields: Sequence[str] = ()) -> None:
        self.fields = list(fields)
        super().__init__(message)


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

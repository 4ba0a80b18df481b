"""Corpora of many speakers: which clip is whose, and who is a woman and who a man.

    DIR/speakers.csv      ID|F or ID|M, one speaker a line; a clip's name begins with its speaker's ID and "-"
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from vocolab.errors import CorpusError
from vocolab.given_files import read_given_text

SPEAKERS = "speakers.csv"
_GROUPS = {"F": "women", "M": "men"}


def speaker_of(name: str) -> str:
    """The speaker of a clip: what its name has before its first "-"."""
    return name.partition("-")[0]


def read_groups(folder: Path) -> dict[str, str]:
    """"women" or "men" by speaker; empty where the folder does not say.

    Raises:
        CorpusError: if it can't be read, or a line is of another form.
    """
    path = folder / SPEAKERS
    if not path.exists():
        return {}
    groups = {}
    for number, line in enumerate(_text(path).splitlines(), 1):
        speaker, _, group = (part.strip() for part in line.partition("|"))
        if line.strip() and group not in _GROUPS:
            raise CorpusError(f"line {number}: {line!r:.80} is neither ID|F nor ID|M", about=path)
        if line.strip():
            groups[speaker] = _GROUPS[group]
    return groups


def _text(path: Path) -> str:
    try:
        return read_given_text(path)
    except OSError as error:
        raise CorpusError(f"can't be read: {error.strerror or error}", about=path) from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"not UTF-8 text (byte {error.start}); convert it", about=path) from error


def clips_of(folder: Path, clips: Sequence[Path], speakers: Sequence[str]) -> list[Path]:
    """The clips of some speakers, turn by turn, so that the first few are of all of them.

    Raises:
        CorpusError: if one of them has no clip.
    """
    by_speaker = {speaker: [clip for clip in clips if speaker_of(clip.stem) == speaker] for speaker in speakers}
    if missing := [speaker for speaker, own in by_speaker.items() if not own]:
        there = sorted({speaker_of(clip.stem) for clip in clips})
        raise CorpusError(f"no clip of speaker {', '.join(missing)}; clips named SPEAKER-... are there of "
                          f"{', '.join(there[:12])}{' ...' if len(there) > 12 else ''}", about=folder)
    return [clip for turn in zip_longest(*by_speaker.values()) for clip in turn if clip is not None]


def clips_by_group(folder: Path, clips: Sequence[Path]) -> dict[str, list[str]]:
    """Names of the women's clips and of the men's, where both are there; else nothing."""
    group_of = read_groups(folder)
    groups: dict[str, list[str]] = {group: [] for group in _GROUPS.values()}
    for clip in clips:
        if group := group_of.get(speaker_of(clip.stem)):
            groups[group].append(clip.stem)
    return groups if all(groups.values()) else {}

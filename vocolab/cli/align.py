"""`vocolab align`: recordings and their texts in, the times of their symbols out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocolab.cli.parameters import PATH, json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.short_form import ShortFormGroup
from vocolab.errors import AudioError, CorpusError, InputError

if TYPE_CHECKING:
    from vocolab.alignment.clips import TimedClip
    from vocolab.alignment.interfaces import Aligner
    from vocolab.alignment.problems import Finding
    from vocolab.texts.speaking import Speaker
    from vocolab.training.corpus import Clip

_SHOWN = 20


@click.group(cls=ShortFormGroup, short="run", forms=[("vocolab align CORPUS", "vocolab align run CORPUS")])
def align() -> None:
    """Find out when each sound of a recording is said; exchange that with other programs."""


@align.command()
@click.argument("corpus", type=PATH)
@click.option("-o", "--output", type=PATH, metavar="FOLDER", help="Where to write. Default: CORPUS.")
@click.option("--aligner", "voice", metavar="VOICE", help="A trained aligner, name or file. Default: the one inside.")
@click.option("--speaker", default="", help="Name of the speaker, kept with each clip.")
@click.option("--textgrids", type=PATH, metavar="FOLDER", help="Write NAME.TextGrid for each clip too.")
@click.option("--plots", type=PATH, metavar="FOLDER", help="Draw the clips that look worst.")
@click.option("--worst", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many of them.")
@json_option
@pass_session
def run(  # noqa: PLR0913 - one parameter an option
    session: Session, /, corpus: Path, output: Path | None, voice: str | None, speaker: str, textgrids: Path | None,
    plots: Path | None, worst: int, as_json: bool,
) -> None:
    """Align the clips of CORPUS with their texts.

    CORPUS is what 'vocolab data prepare' made, or a folder with metadata.csv and recordings. Writes symbols.jsonl, a
    clip a line with its symbols and their seconds; speech.json, which symbols these are; and alignment.json, what looks
    wrong.
    """
    from vocolab.alignment.opening import open_aligner
    from vocolab.alignment.problems import examine
    from vocolab.training.corpus import read_corpus

    if plots is not None:
        from vocolab.pictures.figures import check_picture

        check_picture(plots / "clip.png")
    aligner, reader = open_aligner(session.catalog, voice)
    read = read_corpus(corpus, session.say)
    clips = {clip.name: clip for clip in (*read.train, *read.validation)}
    timed = list(_timed(session, aligner, reader, clips.values(), speaker))
    if not timed:
        raise CorpusError("no clip could be aligned", about=corpus)
    findings = examine(timed)
    _write(session, output or corpus, timed, findings, reader, textgrids)
    if plots is not None:
        _plot(session, aligner, [clips[clip.name] for clip in _worst(timed, findings, worst)], timed, findings, plots)
    _tell(session, timed, findings, as_json=as_json)


@align.command("compare")
@click.argument("ours", type=PATH)
@click.argument("theirs", type=PATH)
@json_option
@pass_session
def compare_command(session: Session, ours: Path, theirs: Path, as_json: bool) -> None:
    """Say how far the sounds of the file OURS start and end from those of THEIRS, both symbols.jsonl."""
    from vocolab.alignment.clips import read_clips
    from vocolab.alignment.comparing import compare

    distance = compare(read_clips(ours), read_clips(theirs))
    if as_json:
        print_json(asdict(distance))
    else:
        click.echo(str(distance))


@align.command("import")
@click.argument("folder", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="Folder of the corpus: where symbols.jsonl goes.")
@click.option("--language", metavar="NAME|TAG", help="Whose phonemes they are. Default: the one that is installed.")
@click.option("--speaker", default="", help="Name of the speaker, kept with each clip.")
@pass_session
def import_command(session: Session, folder: Path, output: Path, language: str | None, speaker: str) -> None:
    """Take over the TextGrids in FOLDER, as the Montreal Forced Aligner writes them: NAME.TextGrid, words and phones.

    How a sentence ends is taken from the texts of metadata.csv in the corpus, where it has one.
    """
    from vocolab.alignment.problems import examine
    from vocolab.texts.opening import open_speaker

    reader = open_speaker(session.catalog, language)
    timed = list(_imported(session, folder, reader, _endings(output, reader), speaker))
    if not timed:
        raise CorpusError("holds no TextGrid that could be taken over", about=folder)
    findings = examine(timed)
    _write(session, output, timed, findings, reader, None)
    _tell(session, timed, findings, as_json=False)


def _timed(
    session: Session, aligner: Aligner, reader: Speaker, clips: Iterable[Clip], speaker: str
) -> Iterator[TimedClip]:
    from vocolab.alignment.placing import place_clip
    from vocolab.alignment.transcript import read_transcript
    from vocolab.audio import Audio

    for clip in clips:
        audio = Audio.mono(clip.cut(0, clip.samples.size), clip.sample_rate)
        try:
            transcript = read_transcript(reader, clip.text)
            yield place_clip(aligner, reader.language.symbols, (clip.name, audio), transcript, speaker)
        except (InputError, AudioError) as error:
            session.say(f"left out {clip.name}: {error}")


def _imported(
    session: Session, folder: Path, reader: Speaker, endings: dict[str, str], speaker: str
) -> Iterator[TimedClip]:
    from dataclasses import replace

    from vocolab.alignment.exchange import from_textgrid
    from vocolab.files.textgrid import read_textgrid

    for path in sorted(folder.rglob("*.TextGrid")):
        try:
            clip = from_textgrid(path.stem, read_textgrid(path), reader.language.symbols, endings.get(path.stem, "."))
        except CorpusError as error:
            session.say(f"left out {error}")
            continue
        yield replace(clip, speaker=speaker)


def _endings(corpus: Path, reader: Speaker) -> dict[str, str]:
    """By name of the clip how its text ends."""
    from vocolab.corpora.folder import METADATA, read_metadata
    from vocolab.texts.opening import speak

    if not (corpus / METADATA).exists():
        return {}
    spoken = {line.name: speak(reader, line.spoken, "plain").sentences for line in read_metadata(corpus) if line.spoken}
    return {name: sentences[-1].ending for name, sentences in spoken.items() if sentences}


def _write(
    session: Session, folder: Path, timed: Sequence[TimedClip], findings: Sequence[Finding], reader: Speaker,
    textgrids: Path | None,
) -> None:
    from vocolab.alignment.clips import NAME, write_clips, write_layout
    from vocolab.alignment.exchange import to_textgrid
    from vocolab.cli.outputs import make_folder
    from vocolab.files.atomic import whole_file
    from vocolab.files.textgrid import write_textgrid

    make_folder(folder)
    write_clips(folder / NAME, timed)
    write_layout(folder, reader.language.symbols.name, reader.language.tag)
    report = {"language": reader.language.tag, "symbols": reader.language.symbols.name, "clips": len(timed),
              "findings": [asdict(finding) for finding in findings]}
    with whole_file(folder / "alignment.json") as temporary:
        temporary.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    session.say(f"{folder / NAME}: {len(timed)} clips; {folder / 'alignment.json'}: what looks wrong")
    if textgrids is not None:
        make_folder(textgrids)
        for clip in timed:
            write_textgrid(textgrids / f"{clip.name}.TextGrid", to_textgrid(clip))


def _worst(timed: Sequence[TimedClip], findings: Sequence[Finding], count: int) -> list[TimedClip]:
    """Clips with findings first, then those that fit least."""
    known = {clip.name: clip for clip in timed}
    names = [finding.name for finding in findings]
    names += [clip.name for clip in sorted(timed, key=lambda clip: clip.fit or 0.0)]
    return [known[name] for name in list(dict.fromkeys(names))[:count]]


def _plot(
    session: Session, aligner: Aligner, clips: Sequence[Clip], timed: Sequence[TimedClip], findings: Sequence[Finding],
    folder: Path,
) -> None:
    from vocolab.audio import Audio
    from vocolab.cli.outputs import make_folder
    from vocolab.mels.extract import extract
    from vocolab.pictures.alignments import plot_alignment

    make_folder(folder)
    known = {clip.name: clip for clip in timed}
    for clip in clips:
        said = "; ".join(finding.text for finding in findings if finding.name == clip.name)
        mel = extract(Audio.mono(clip.cut(0, clip.samples.size), clip.sample_rate), aligner.mel_spec)
        plot_alignment(known[clip.name], mel, folder / f"{clip.name}.png", f"{clip.name}: {said or clip.text}"[:150])
    session.say(f"{folder}: pictures of {len(clips)} clips")


def _tell(session: Session, timed: Sequence[TimedClip], findings: Sequence[Finding], *, as_json: bool) -> None:
    wrong = list(dict.fromkeys(finding.name for finding in findings))
    if as_json:
        facts = [asdict(finding) for finding in findings]
        print_json({"clips": len(timed), "clips_with_findings": len(wrong), "findings": facts})
        return
    click.echo(f"{len(timed)} clips aligned, {len(wrong)} look wrong")
    for name in wrong[:_SHOWN]:
        click.echo(f"  {name}: {'; '.join(f'{one.kind}: {one.text}' for one in findings if one.name == name)}")
    if len(wrong) > _SHOWN:
        click.echo(f"  and {len(wrong) - _SHOWN} more, in alignment.json")

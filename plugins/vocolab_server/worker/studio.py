"""Work on uploads: recordings and speech that are mastered, mels that are rendered; files lie in a folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.delivery.dispatch import Dispatch
from vocolab.delivery.finishing import Finish
from vocolab.delivery.output import Output
from vocolab.delivery.report import finished_facts
from vocolab.delivery.watching import Notes
from vocolab.mels.conventions import use
from vocolab_server.refusals import refusal_of
from vocolab_server.wire import Message

if TYPE_CHECKING:
    from vocolab.signals import Signal


class Studio:
    """Does what it is told, one job after the other.

    Args:
        catalog: What is installed.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        use(self._catalog.mel_conventions)
        self._jobs: dict[str, Callable[[Message, bytes, Path], tuple[Message, bytes]]] = {
            "master": self._speech_mastered, "upload": self._upload_mastered, "vocoder": self._mel_rendered,
        }  # fmt: skip

    def serve(self, message: Message, payload: bytes) -> tuple[Message, bytes]:
        """One job."""
        try:
            with TemporaryDirectory(prefix="vocolab-server-") as folder:
                return self._jobs[message["do"]](message, payload, Path(folder))
        except Exception as error:
            import traceback

            refused = refusal_of(error, with_subjects=False)
            more = {"trace": traceback.format_exc()} if refused.status >= 500 else {}
            return {"error": refused.facts, **more}, b""

    def _speech_mastered(self, message: Message, payload: bytes, folder: Path) -> tuple[Message, bytes]:
        import numpy as np

        audio = Audio.mono(np.frombuffer(payload, "<f4").astype(np.float32), message["rate"])
        return self._delivered(audio, message, folder)

    def _upload_mastered(self, message: Message, payload: bytes, folder: Path) -> tuple[Message, bytes]:
        from vocolab.files.reader import open_audio

        place = folder / "upload"
        place.write_bytes(payload)
        return self._delivered(open_audio(place), message, folder)

    def _mel_rendered(self, message: Message, payload: bytes, folder: Path) -> tuple[Message, bytes]:
        from vocolab.chain.preset_rendering import open_renderer
        from vocolab.chain.presets import read_preset
        from vocolab.mels.conventions import convention
        from vocolab.mels.pending import PendingMels

        place = folder / f"mel{message['suffix']}"
        place.write_bytes(payload)
        mels = PendingMels([place])
        stated = convention(message["convention"]) if message["convention"] else None
        preset = read_preset(message["preset"] or "none", self._catalog)
        vocoder, voice = self._vocoder(message["vocoder"])
        renderer = open_renderer(self._catalog, preset, vocoder, voice, {}, stated or mels.first_stated())
        mel, notes = mels.read(place, renderer.mel_spec, stated)
        reply, made = self._delivered(renderer.signal_of(mel, seed=message["seed"]), message, folder)
        reply["notes"] = [*notes, *reply["notes"]]
        reply["report"] |= {"vocoder": renderer.name, "voice": renderer.voice_name or None, "frames": mel.frames}
        return reply, made

    def _vocoder(self, name: str | None) -> tuple[str | None, str | None]:
        """The vocoder or the voice of that name."""
        return (name, None) if name in self._catalog.vocoders.names() else (None, name)

    def _delivered(self, signal: Signal, message: Message, folder: Path) -> tuple[Message, bytes]:
        """The finished file, what was said on the way, its report, and by how much the preset has moved it."""
        from vocolab.chain.presets import read_preset
        from vocolab.files.reader import open_audio
        from vocolab.speaking.moved import moved_s

        place = folder / f"finished.{message['format']}"
        preset = read_preset(message["preset"] or "none", self._catalog)
        stated = Output(format=message["format"]).of_file(place)
        form = preset.output.form(stated, seed=message["seed"])
        dispatch = Dispatch(preset.with_output(stated), form, always_measured=True)
        notes = Notes()
        finish = Finish(dispatch, measured_before=True, is_rendered=message["do"] != "upload")
        finished = finish.file(signal, place, notes, "the upload" if message["do"] == "upload" else "the speech")
        facts = finished_facts(finished)
        for name in ("file", "output", "skipped", "elapsed_s", "real_time_factor"):
            del facts[name]
        moved = moved_s(signal, open_audio(place)) if message["do"] == "master" else 0.0
        report = json.loads(json.dumps({**facts, "preset": preset.name}))
        return {"report": report, "notes": notes.notes, "moved_s": moved}, place.read_bytes()

"""What a node does with a job: files by path or by value, and everything told with the names that the caller has."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from errands_for_tests import Copied, Copy, Copying

from vocolab.crews.errands import Outcome, unpacked
from vocolab.crews.moving import moved, retold
from vocolab.crews.node import Answer, Parcel, do
from vocolab.crews.sent_files import Sight
from vocolab.crews.staging import Staging
from vocolab.errors import AudioError


@pytest.fixture
def job(tmp_path: Path) -> Copy:
    (tmp_path / "head").write_text("head ")
    (tmp_path / "in.txt").write_text("text ")
    return Copy(tmp_path / "in.txt", tmp_path / "out.txt")


def by_value(job: Copy, errand: Copying) -> Parcel:
    names = {"values": {str(job.source): 1}, "errand_values": {str(errand.head): 0}}
    return Parcel(pickle.dumps(errand), pickle.dumps(job), **names, writes=(str(job.output),))


def done(parcel: Parcel, job: Copy, files: list[bytes], seen: list[float] | None = None
         ) -> tuple[Answer, Outcome[Copy, Copied]]:
    answer = do(parcel, files.__getitem__, (seen if seen is not None else []).append)
    return answer, unpacked(job, answer.outcome)


def test_by_value_nothing_of_the_caller_s_disk_is_touched(job: Copy) -> None:
    errand, seen = Copying(Path("/nowhere/head")), list[float]()
    away = Copy(Path("/nowhere/in.txt"), Path("/nowhere/out.txt"))
    answer, outcome = done(by_value(away, errand), away, [b"HEAD ", b"one "], seen)
    assert answer.made == {"/nowhere/out.txt": b"HEAD one one "}
    assert outcome.result is not None
    assert (outcome.result.source, outcome.result.output) == ("/nowhere/in.txt", Path("/nowhere/out.txt"))
    assert list(outcome.notes) == ["/nowhere/in.txt: read"]
    assert seen == [0.5]


def test_an_error_is_about_the_caller_s_file_and_leaves_nothing(job: Copy) -> None:
    answer, outcome = done(by_value(job, Copying(job.source.with_name("head"))), job, [b"", b"bad"])
    assert isinstance(outcome.error, AudioError)
    assert str(outcome.error) == f"{job.source}: {job.source} can't be copied"
    assert answer.made == {}


def test_by_path_the_result_is_beside_its_place_and_not_there(job: Copy) -> None:
    staging = Staging([job.output])
    try:
        head = job.source.with_name("head")
        place = staging.place(job.output, "0")
        here = {str(job.source): str(job.source), str(job.output): str(place)}
        parcel = Parcel(
            pickle.dumps(Copying(head)), pickle.dumps(job), here, {str(head): str(head)}, True,
            Sight.of([job.source], staging.words), writes=(str(job.output),),
        )
        answer, outcome = done(parcel, job, [])
        assert outcome.result is not None and outcome.result.output == job.output
        assert answer.made == {} and not job.output.exists()
        assert place.read_text() == "head text text "
        job.source.write_text("another")
        assert do(parcel, [].__getitem__, lambda far: None).outcome == b""  # it is not the same file any more
    finally:
        staging.close()
    assert sorted(path.name for path in job.output.parent.iterdir()) == ["head", "in.txt"]


def test_what_a_call_that_was_killed_has_left_is_removed_and_what_is_held_stays(tmp_path: Path) -> None:
    left, held = tmp_path / ".vocolab-cluster-0123456789ab", Staging([tmp_path / "a"])
    left.mkdir()
    (left / "held").write_text("word")
    (left / "half").write_text("half")
    Staging([tmp_path / "b"]).close()
    assert not left.exists()
    assert [Path(name).is_file() for name in held.words] == [True]
    held.close()
    assert list(tmp_path.iterdir()) == []


def test_a_node_on_another_disk_does_not_see_the_word(tmp_path: Path) -> None:
    staging = Staging([tmp_path / "a"])
    assert Sight.of([], staging.words).is_clear
    assert not Sight.of([], dict.fromkeys(staging.words, "another word")).is_clear
    staging.close()
    assert not Sight.of([], staging.words or {str(tmp_path / "held"): "word"}).is_clear


def test_paths_are_moved_wherever_they_stand_alone(tmp_path: Path) -> None:
    copied = Copied("/a/b", Path("/a/b"), 1)
    assert moved((copied, [Path("/a/b"), "/a/bc"], {Path("/a/b"): "/a/b"}), {"/a/b": "/c"}) == (
        Copied("/c", Path("/c"), 1), [Path("/c"), "/a/bc"], {Path("/c"): "/c"})
    assert moved(copied, {"/x": "/y"}) is copied
    assert retold("/a/b and /a", {"/a": "/x", "/a/b": "/y"}) == "/y and /x"

"""Who speaks when: fairness, priorities, bounds, clients that leave, workers that die, an end that waits."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import replace

import httpx
import numpy as np
import pytest
from server_fakes import ThreadWorker, serving, wait_for

from vocolab_server.settings import Settings
from vocolab_server.worker.voices import LoadedVoices, Who

BOOK = "One two three four five six seven eight nine ten. " * 30
SHORT = "One two."
BUFFER_BYTES = 4096


def speaking(here, text, out, **more):
    """A request in a thread."""

    def run():
        with contextlib.suppress(httpx.RemoteProtocolError):  # the test is over
            out.append(here.speak(text, response_format="wav", **more))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_a_book_keeps_no_sentence_waiting(catalog):
    worker = ThreadWorker("one", catalog, step_s=0.02)
    with serving(catalog, workers=[worker]) as here:
        answers = []
        book = speaking(here, BOOK, answers)
        wait_for(lambda: worker.n_steps > 5)
        came_at, submit = [], here.service.scheduler.submit

        def noted(utterance):
            came_at.append((utterance.number, worker.n_steps))
            submit(utterance)

        here.service.scheduler.submit = noted
        assert here.speak(SHORT).status_code == 200
        ((number, n_steps),) = came_at
        assert worker.steps.index(number) - n_steps <= 1  # its turn is next
        steps = [at for at, one in enumerate(worker.steps) if one == number]
        assert steps[-1] - steps[0] <= 3 * len(steps)  # each of the two has every other one, more or less
        book.join(60)
        assert answers[0].status_code == 200


def test_a_round_gives_everybody_a_turn(catalog):
    worker = ThreadWorker("one", catalog, step_s=0.01)
    with serving(catalog, workers=[worker]) as here:
        answers: list = []
        threads = [speaking(here, BOOK[:1000], answers) for _ in range(4)]
        for thread in threads:
            thread.join(60)
        assert [answer.status_code for answer in answers] == [200] * 4
        assert len({answer.content for answer in answers}) == 1
        middle = worker.steps[12:-12]
        shares = [middle.count(number) / len(middle) for number in set(middle)]
        assert min(shares) > 0.15


def test_priorities_share_by_weight_and_starve_nobody(catalog):
    worker = ThreadWorker("one", catalog, step_s=0.01)
    keys = [{"name": "vip", "sha256": "a" * 64, "priority": "high"}]
    assert Settings(keys=keys).keys[0].priority == "high"
    with serving(catalog, workers=[worker]) as here:
        answers: list = []
        low = speaking(here, BOOK, answers, path="/v1/vocolab/speech", priority="low")
        wait_for(lambda: len(worker.steps) > 3)
        normal = speaking(here, BOOK, answers, path="/v1/vocolab/speech", priority="normal")
        wait_for(lambda: len(set(worker.steps)) == 2)
        start = len(worker.steps)
        wait_for(lambda: len(worker.steps) > start + 40)
        first, second = sorted(set(worker.steps))
        part = worker.steps[start : start + 40]
        assert part.count(second) > 2 * part.count(first) > 0
        low.join(60)
        normal.join(60)


def test_nobody_is_more_important_than_his_key_says():
    from vocolab_server.keys import Guest
    from vocolab_server.settings import KeySettings

    assert Guest("address").priority("high") == "normal"
    assert Guest("key", KeySettings(name="k", sha256="0" * 64, priority="high")).priority("high") == "high"
    assert Guest("key", KeySettings(name="k", sha256="0" * 64, priority="low")).priority("normal") == "low"


def test_what_is_too_much_is_refused_with_a_time_to_come_again(catalog):
    worker = ThreadWorker("one", catalog, step_s=0.05)
    with serving(catalog, {"limits": {"requests": 2}}, [worker]) as here:
        answers: list = []
        threads = [speaking(here, BOOK, answers) for _ in range(2)]
        wait_for(lambda: len(here.service.scheduler.round) == 2)
        refused = here.speak(SHORT)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json()["error"]["code"] == "overloaded"
        here.stop.should_exit = True
        for thread in threads:
            thread.join(60)


def test_200_clients_that_leave_leave_nothing_running(catalog):
    worker = ThreadWorker("one", catalog, step_s=0.002)
    with serving(catalog, workers=[worker]) as here:
        for _ in range(10):
            connections = [here.begin(BOOK, response_format="pcm") for _ in range(20)]
            for connection in connections:
                connection.recv(64)
                connection.close()
        wait_for(lambda: not here.service.scheduler.round)
        wait_for(lambda: len(worker.dropped) == 200)
        assert not worker._desk._open
        steps = worker.n_steps
        time.sleep(0.2)
        assert worker.n_steps == steps
        assert here.service.metrics.cancelled._value.get() == 200


def test_one_that_leaves_before_the_first_sound(catalog):
    worker = ThreadWorker("one", catalog, step_s=0.3)
    with serving(catalog, workers=[worker]) as here:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{here.url}/v1/audio/speech", json={"input": BOOK, "voice": "reader-one"}, timeout=0.1)
        wait_for(lambda: not here.service.scheduler.round)


def test_a_dead_worker_breaks_the_answer_that_was_in_it_and_no_other(catalog):
    worker = ThreadWorker("one", catalog, step_s=0.01)
    with serving(catalog, workers=[worker]) as here:
        alone = here.speak(BOOK[:600], response_format="wav").content
        worker.dies_at = {worker.n_steps + 10}
        results: list = []

        def run():
            try:
                results.append(here.speak(BOOK[:600], response_format="wav").content)
            except httpx.RemoteProtocolError:  # the stream has no end
                results.append(None)

        threads = [threading.Thread(target=run, daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert results.count(None) == 1
        assert results.count(alone) == 2  # from the sample where they were
        assert worker.restarts == 1
        assert here.service.metrics.broken._value.get() == 1
        assert here.speak(SHORT).status_code == 200


def test_a_worker_that_dies_before_the_first_sound_is_an_error_that_may_be_tried_again(catalog):
    with serving(catalog, workers=[ThreadWorker("one", catalog, dies_at={1})]) as here:
        answer = here.speak(SHORT)
        assert answer.status_code == 500 and answer.json()["error"]["code"] == "worker_lost"
        assert answer.headers["retry-after"]
        wait_for(lambda: here.service.scheduler.is_ready)
        assert here.speak(SHORT).status_code == 200


def test_an_error_in_the_middle_breaks_the_stream(catalog):
    text = BOOK[:300] + " unsayable. " + BOOK[:300]
    with serving(catalog) as here:
        with pytest.raises(httpx.RemoteProtocolError):
            here.speak(text, response_format="wav")
        assert here.service.metrics.broken._value.get() == 1
        lines = b""
        with pytest.raises(httpx.RemoteProtocolError), httpx.stream("POST", f"{here.url}/v1/audio/speech", json={
                "input": text, "voice": "reader-one", "stream_format": "sse"}) as answer:
            for data in answer.iter_bytes():
                lines += data
        assert b'"type": "error"' in lines and b"unsayable" in lines and b"speech.audio.done" not in lines
        whole = here.speak(text, path="/v1/vocolab/speech", stream=False)
        assert whole.status_code == 400 and "unsayable" in whole.json()["error"]["message"]
        old = here.connect()  # HTTP/1.0 can't tell a broken stream from its end: it gets the whole, or the error
        body = b'{"input": "%s", "voice": "reader-one"}' % text.encode()
        old.sendall(b"POST /v1/audio/speech HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                    % (len(body), body))
        with old:
            assert old.recv(20).startswith(b"HTTP/1.1 400")


def test_what_nobody_foresaw_is_a_500_that_says_nothing_of_the_inside(catalog):
    with serving(catalog) as here:
        answer = here.speak("unforeseen")
        assert answer.status_code == 500
        assert "/" not in answer.json()["error"]["message"].replace("n/a", "")


def test_an_end_lets_answers_come_to_theirs(catalog):
    worker = ThreadWorker("one", catalog, step_s=0.01)
    with serving(catalog, {"limits": {"drain_s": 120}}, [worker]) as here:
        answers: list = []
        thread = speaking(here, BOOK[:500], answers)
        wait_for(lambda: worker.n_steps > 3)
        kept = httpx.Client(base_url=here.url)
        assert kept.get("/ready").status_code == 200
        loop_call(here, here.stop.stop)
        wait_for(lambda: here.service.scheduler.is_draining)
        refused = kept.get("/ready")
        assert refused.status_code == 503 and refused.headers["retry-after"]
        kept.close()
        thread.join(60)
        assert answers[0].status_code == 200


def loop_call(here, what) -> None:
    """In the server's own thread."""
    here.stop.servers[0].get_loop().call_soon_threadsafe(what)


def test_a_client_that_takes_nothing_holds_nobody_up(catalog):
    with serving(catalog, {"limits": {"reading_s": 0.5}}, buffer_bytes=BUFFER_BYTES) as here:
        with here.begin(BOOK, BUFFER_BYTES) as lazy:
            lazy.recv(64)
            wait_for(lambda: not here.service.scheduler.round)
            wait_for(lambda: not here.stop.server_state.connections)
        assert here.speak(SHORT).status_code == 200


def test_a_client_that_takes_a_little_now_and_then_holds_nobody_up(catalog):
    with serving(catalog, {"limits": {"reading_s": 1.0}}, buffer_bytes=BUFFER_BYTES) as here:
        begun_s = time.monotonic()
        with here.begin(BOOK, BUFFER_BYTES) as slow, contextlib.suppress(ConnectionResetError):
            while slow.recv(100):
                assert time.monotonic() < begun_s + 60
                time.sleep(0.1)
        wait_for(lambda: not here.service.scheduler.round)
        assert here.service.metrics.cancelled._value.get() == 1


def test_the_rest_of_an_answer_is_not_kept_for_long_for_who_does_not_take_it(catalog):
    limits = {"reading_s": 0.5}
    with serving(catalog, {"limits": limits}, buffer_bytes=BUFFER_BYTES) as here, here.begin(
            "One two three four.", BUFFER_BYTES) as lazy:
        wait_for(lambda: here.service.metrics.whole._sum.get() > 0)  # all of it is written
        wait_for(lambda: not here.stop.server_state.connections)
        assert len(read_all(lazy)) < 40_000  # of more than a second of speech


def read_all(connection) -> bytes:
    data = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            data += piece
    return data


def test_more_speech_than_a_request_may_have_is_broken_off(catalog):
    worker = ThreadWorker("one", catalog)
    with serving(catalog, {"limits": {"audio_s": 2.0}}, [worker]) as here:
        with pytest.raises(httpx.RemoteProtocolError):
            here.speak(BOOK, response_format="wav")
        whole = here.speak(BOOK, path="/v1/vocolab/speech", stream=False)
        assert (whole.status_code, whole.json()["error"]["code"]) == (413, "speech_too_long")
        wait_for(lambda: len(worker.dropped) == 2)
        assert not worker._desk._open and here.speak(SHORT).status_code == 200


def test_a_voice_that_is_loaded_keeps_nobody_waiting_and_costs_its_request_nothing(catalog):
    worker = ThreadWorker("one", catalog)
    may_load, opened = threading.Event(), worker.voices._opened

    def slow(who):
        assert may_load.wait(20)
        return opened(who)

    worker.voices._opened = slow
    with serving(catalog, workers=[worker]) as here:
        other, others, named = "reader-one/high", [], []
        here.service.installed.voices[other] = replace(here.service.installed.voice(None), id=other, speaker="high")
        waiting = speaking(here, SHORT, others, voice=other)
        text = f'<speak>{SHORT} <voice name="chorus">{SHORT}</voice></speak>'
        inside = speaking(here, text, named)
        wait_for(lambda: sum(one.loading_until_s > 0 for one in here.service.scheduler.round.values()) == 2)
        assert all(one.first_step_s for one in here.service.scheduler.round.values())  # nobody waits for a worker
        paid_s = [one.used_s for one in here.service.scheduler.round.values()]
        assert here.speak(SHORT).status_code == 200
        time.sleep(0.2)
        assert [one.used_s for one in here.service.scheduler.round.values()] == paid_s
        may_load.set()
        for thread in (waiting, inside):
            thread.join(60)
        fresh = LoadedVoices(catalog, "cpu", 32, None)
        for (answer,), who, said in ((others, "high", SHORT), (named, None, text)):
            wanted = fresh.narrator(Who("reader-one", who, None), []).say(said).audio.samples[0]
            got = np.frombuffer(answer.content[44:], "<i2") / 2**15
            assert got.size == wanted.size and np.abs(got - wanted).max() < 1e-4


def test_a_voice_that_can_not_be_loaded_is_an_error(catalog):
    worker = ThreadWorker("one", catalog)
    with serving(catalog, workers=[worker]) as here:
        for _ in range(2):
            answer = here.post("/v1/vocolab/speech", {"input": SHORT, "voice": "reader-one", "speaker": "nobody"})
            assert answer.status_code == 400 and "nobody" in answer.json()["error"]["message"]


def test_equal_requests_at_a_time_are_not_mixed_up(catalog):
    texts = [f"{'One two three. ' * n} Four." for n in range(1, 9)]
    workers = [ThreadWorker("one", catalog), ThreadWorker("two", catalog)]
    with serving(catalog, workers=workers) as here:
        alone = [here.speak(text, response_format="wav").content for text in texts]
        answers: dict = {}

        def run(text):
            answers[text] = here.speak(text, response_format="wav").content

        threads = [threading.Thread(target=run, args=(text,), daemon=True) for text in texts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert [answers[text] for text in texts] == alone
        assert all(np.frombuffer(data[44:], "<i2").any() for data in alone)
        assert all(worker.n_steps for worker in workers)

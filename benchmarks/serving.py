"""How `vocolab serve` does under load, on this machine: a Markdown table, and whether each promise holds.

    python benchmarks/serving.py [--seconds 120] [--turns 4] [--users 1 4 16 100] [--workers N] [--requests 10000]
                                 [--only PART ...]

Parts: closed (users who ask again as soon as they have heard), open (requests that come by chance at a share of the
best rate), book (a short request while one of 5,000 words runs), leavers (200 clients that go in the middle), kill
(kill -9 of a worker), memory (after 1,000 and after --requests). Every answer is compared with what `vocolab say` gives
of its text. The cache of finished sentences is off but for `memory`, which measures the server and not the voice.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from serving_client import MOST_ERROR, REFUSED, Answer, ask, request
from serving_process import cpu_s, memory_mb, metric, running, speech_worker

import vocolab

PARTS = ("closed", "open", "book", "leavers", "kill", "memory")
SUBJECTS = ("The train", "A letter", "This street", "The old bridge", "Her answer", "The weather")
VERBS = ("comes back at noon", "was never lost", "looks the same today", "takes half an hour", "needs new paint")
TEXTS = [f"{subject} {verb}." for subject in SUBJECTS for verb in VERBS]
BOOK_WORDS = 5000


@dataclass
class Phase:
    """So many users who ask at a time."""

    users: int
    answers: list[Answer] = field(default_factory=list)
    seconds: float = 0.0
    cpu_s: float = 0.0
    """Of the server and all its processes."""


class Bench:
    """A server, what it has to say of each text, and the figures so far."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        narrator = vocolab.narrator()
        self.rate = narrator.sample_rate
        self.said = {text: narrator.say(text).audio.samples[0] for text in TEXTS}
        self.lines: list[tuple[str, str, bool]] = []
        self.port, self.pid = 0, 0
        self.service_s = self.best_rate = self.best_for_cpu = 0.0
        self.n_bad = 0

    def check(self, what: str, figure: str, holds: bool) -> None:
        """One line of the report."""
        self.lines.append((what, figure, holds))
        print(f"{'holds' if holds else 'FAILS'}  {what}: {figure}", flush=True)

    async def one(self, text: str) -> Answer:
        """One request."""
        answer = await ask(self.port, text, self.said.get(text), self.rate)
        if answer.is_bad:
            self._keep(answer)
        return answer

    def _keep(self, answer: Answer) -> None:
        """Tell of a bad answer, and keep what came of it beside what `say` gives."""
        self.n_bad += 1
        folder = Path(self.arguments.keep)
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / f"bad-{self.n_bad:03d}"
        place.with_suffix(".txt").write_text(f"{answer.told}\n{answer.text}\n")
        place.with_suffix(".wav").write_bytes(answer.data)
        if (said := self.said.get(answer.text)) is not None:
            np.save(place.with_suffix(".npy"), said)
        print(f"bad answer, kept as {place}.*: {answer.told}", flush=True)

    async def closed(self) -> None:
        """Users who ask again at once, few and many by turns, so that other work on the machine falls on all alike."""
        phases = {users: Phase(users) for users in self.arguments.users}
        for _ in range(self.arguments.turns):
            for phase in phases.values():
                before_s, started = cpu_s(self.pid), time.perf_counter()
                phase.answers += await self._while(phase.users, self.arguments.seconds / self.arguments.turns)
                phase.seconds += time.perf_counter() - started
                phase.cpu_s += cpu_s(self.pid) - before_s
        for phase in phases.values():
            self._told(phase)

    async def open(self) -> None:
        """Requests that come by chance, at half and at 0.8 of the best rate that the closed loop has had."""
        mean_s = np.mean([samples.size for samples in self.said.values()]) / self.rate
        for share in (0.5, 0.8):
            per_s = share * self.best_rate / mean_s
            tasks, end_s = [], time.perf_counter() + self.arguments.seconds
            chance = random.Random(0)
            while time.perf_counter() < end_s:
                tasks.append(asyncio.create_task(self.one(chance.choice(TEXTS))))
                await asyncio.sleep(chance.expovariate(per_s))
            answers = await asyncio.gather(*tasks)
            whole = [one for one in answers if one.status == 200]
            first = 1000 * np.percentile([one.first_s for one in whole], [50, 95])
            self.check(f"open loop, {share:.0%} of the best rate ({per_s:.1f} requests/s)",
                       f"{len(answers)} requests, first audio p50 {first[0]:.0f} ms, p95 {first[1]:.0f} ms, greatest "
                       f"difference {max(one.error for one in whole):.1e}",
                       len(whole) == len(answers) and max(one.error for one in whole) <= MOST_ERROR)

    async def book(self) -> None:
        """A short request while a long one runs."""
        words = " ".join(TEXTS).split()
        text = " ".join((words * (BOOK_WORDS // len(words) + 1))[:BOOK_WORDS])
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request(text))
        await reader.readexactly(2000)
        drain = asyncio.create_task(_drained(reader))
        await asyncio.sleep(1.0)
        answers = []
        for number in range(20):
            answers.append(await self.one(TEXTS[number]))
            await asyncio.sleep(0.1)
        writer.close()
        drain.cancel()
        first = 1000 * np.array([one.first_s for one in answers])
        self.check("a short request while one of 5,000 words runs starts within 300 ms",
                   f"median {np.median(first):.0f} ms, worst of 20 {first.max():.0f} ms", bool(first.max() <= 300))

    async def leavers(self) -> None:
        """200 clients that go in the middle."""
        for _ in range(10):
            pairs = [await asyncio.open_connection("127.0.0.1", self.port) for _ in range(20)]
            for _, writer in pairs:
                writer.write(request(" ".join(TEXTS)))
            for reader, writer in pairs:
                await reader.readexactly(500)
                writer.close()
        for _ in range(20):
            await asyncio.sleep(0.5)
            if not (active := metric(self.port, "vocolab_requests_active")):
                break
        audio_s = metric(self.port, "vocolab_audio_seconds_total")
        await asyncio.sleep(2.0)
        later_s = metric(self.port, "vocolab_audio_seconds_total")
        self.check("200 clients that leave in the middle leave nothing running",
                   f"{active:.0f} active, {later_s - audio_s:.1f} s of audio made after them",
                   active == 0 and later_s == audio_s)

    async def kill(self) -> None:
        """kill -9 of a worker while eight answers run."""
        tasks = [asyncio.create_task(self.one(" ".join(TEXTS[number : number + 12]))) for number in range(8)]
        await asyncio.sleep(1.5)
        os.kill(speech_worker(self.pid), signal.SIGKILL)
        answers = await asyncio.gather(*tasks)
        broken = sum(one.status != 200 for one in answers)
        after = await self.one(TEXTS[0])
        self.check("kill -9 of a worker breaks at most the answer that was in it",
                   f"{broken} of 8 broken, the next one {after.status}",
                   broken <= 1 and after.status == 200 and after.error <= MOST_ERROR)

    async def memory(self) -> None:
        """The processes' memory after 1,000 requests, and after many more."""
        sizes = []
        for count in (1000, self.arguments.requests - 1000):
            for _ in range(count // 20):
                answers = await asyncio.gather(*(self.one(random.choice(TEXTS)) for _ in range(20)))
                if bad := [one for one in answers if one.status != 200 or one.is_bad]:
                    self.check("every answer on the way", bad[0].told, False)
                    return
            sizes.append(memory_mb(self.pid))
        self.check(f"memory after {self.arguments.requests} requests within 5 % of that after 1,000",
                   f"{sizes[0]:.0f} MB, then {sizes[1]:.0f} MB", sizes[1] <= 1.05 * sizes[0])

    async def _while(self, users: int, seconds: float) -> list[Answer]:
        started, answers = time.perf_counter(), []

        async def user(number: int) -> None:
            chance = random.Random(number)
            while time.perf_counter() - started < seconds:
                answers.append(await self.one(chance.choice(TEXTS)))

        await asyncio.gather(*(user(number) for number in range(users)))
        return answers

    def _told(self, phase: Phase) -> None:
        answers, users, name = phase.answers, phase.users, f"{phase.users} users"
        whole = [one for one in answers if one.status == 200]
        refused = sum(one.status in REFUSED for one in answers)
        broken = len(answers) - len(whole) - refused
        audio_s = sum(one.audio_s for one in whole)
        rate, for_cpu = audio_s / phase.seconds, audio_s / phase.cpu_s
        if users == 1:
            self.service_s = float(np.mean([one.whole_s for one in whole]))
            self.best_rate, self.best_for_cpu = rate, for_cpu
        p50, p95 = np.percentile([one.first_s for one in whole], [50, 95])
        error = max(one.error for one in whole)
        figures = (f"{len(answers)} requests, {refused} refused, {broken} broken, {rate:.1f} audio s/s, "
                   f"{for_cpu:.1f} audio s by s of CPU, first audio p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms, "
                   f"greatest difference {error:.1e}")
        self.check(name, figures, broken == 0 and error <= MOST_ERROR)
        if self.service_s:
            bound = 1.3 * users * self.service_s
            self.check(f"{name}: p95 of the first audio at most 1.3 x {users} x {1000 * self.service_s:.0f} ms",
                       f"{1000 * p95:.0f} of {1000 * bound:.0f} ms", bool(p95 <= bound))
        if users > 1 and self.best_rate:
            self.check(f"{name}: as much audio by CPU time as one user has, give or take a fifth",
                       f"{for_cpu / self.best_for_cpu:.0%}", for_cpu >= 0.8 * self.best_for_cpu)
        if users >= 100 and self.best_rate:
            self.check(f"{name}: at least 80 % of the rate of one user, at most 10 % refused",
                       f"{rate / self.best_rate:.0%}, {refused / len(answers):.1%}",
                       rate >= 0.8 * self.best_rate and refused <= 0.1 * len(answers))


async def _drained(reader: asyncio.StreamReader) -> None:
    while await reader.read(1 << 16):
        pass


def main() -> None:
    """Run the parts and print what holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--turns", type=int, default=4, help="in which the seconds of each number of users are spent")
    parser.add_argument("--users", type=int, nargs="+", default=[1, 4, 16, 100])
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--keep", default="out/serving", help="folder for answers that are bad")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    arguments = parser.parse_args()
    bench = Bench(arguments)
    plain = [part for part in arguments.only if part != "memory"]
    for parts, cached in ((plain, False), ([part for part in arguments.only if part == "memory"], True)):
        if not parts:
            continue
        with running(arguments.workers, cached=cached) as (bench.port, bench.pid):
            for part in parts:
                work: Callable[[], Awaitable[None]] = getattr(bench, part)
                asyncio.run(work())
    print("\n| what | measured | |\n| --- | --- | --- |")
    for what, figure, holds in bench.lines:
        print(f"| {what} | {figure} | {'holds' if holds else 'FAILS'} |")
    sys.exit(not all(holds for _, _, holds in bench.lines))


if __name__ == "__main__":
    main()

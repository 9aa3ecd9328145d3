"""Extraction shared by processes: each reads batch after batch; one that dies is replaced, and costs a paper at most.

Each process has a pipe of its own: pools share queues between theirs, whose locks a process that is killed may hold for ever.
Processes are forked from a server that has imported our code and does nothing else, so one can be started at any time and
from any program; a fork of the program itself could inherit locks that its threads hold.
"""

import multiprocessing
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from spacy.language import Language

from kg.errors import KgError, Location, OnSkip, RecordError
from kg.papers import source_file
from kg.schema import Extraction, Paper

# How a process reads papers; a function of a module, which is sent by its name.
Read = Callable[[Language, Sequence[Paper]], list[Extraction]]

_SERVER = "forkserver"  # where there is none, on Windows, each process begins from nothing
_CONTEXT: Any = multiprocessing.get_context(_SERVER if _SERVER in multiprocessing.get_all_start_methods() else "spawn")
# Batches begun for each process before the oldest is done: so many that a slow one does not hold up the others for long.
_AHEAD = 4
_REMEDY = 'in a script, call kg under `if __name__ == "__main__":`; else give more memory, or --jobs 1'
_CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def usable_cores() -> int:
    """The processor cores that this process may use: the machine's, or fewer where `taskset` or a container says so."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # not on Linux, or no quota
        quota, period = map(int, _CPU_QUOTA.read_text().split())
        cores = min(cores, max(quota // period, 1))
    return cores


@dataclass
class _Batch:
    """Papers that one process reads: those of each item of `unread` at once."""

    number: int
    unread: deque[Sequence[Paper]]
    found: list[Extraction] = field(default_factory=list)
    deaths: int = 0

    def survived(self, found: list[Extraction]) -> None:
        self.unread.popleft()
        self.found.extend(found)

    def died(self) -> Paper | None:
        """What was read at once is read again; then a paper at a time; a paper that kills alone is given up and returned."""
        self.deaths += 1
        if self.deaths == 1:
            return None
        papers = self.unread.popleft()
        if len(papers) == 1:
            return papers[0]
        self.unread.extend([paper] for paper in papers)
        return None


class _Batches:
    """Hands batches out, a bounded number at a time, and gives what was found in their order."""

    def __init__(self, batches: Iterable[Sequence[Paper]], at_once: int):
        self._new = (_Batch(number, deque([papers])) for number, papers in enumerate(batches))
        self._again: list[_Batch] = []
        self._done: dict[int, _Batch] = {}
        self._free = at_once
        self._oldest = 0

    def next(self) -> _Batch | None:
        """What is to be read next, None where there is nothing, or nothing yet."""
        if self._again:
            return self._again.pop()
        batch = next(self._new, None) if self._free else None
        self._free -= batch is not None
        return batch

    def back(self, batch: _Batch) -> Iterator[Extraction]:
        """Takes back a batch that was handed out, and yields what is at hand in order."""
        if batch.unread:
            self._again.append(batch)
            return
        self._done[batch.number] = batch
        while self._oldest in self._done:
            self._free += 1
            yield from self._done.pop(self._oldest).found
            self._oldest += 1


class _Worker:
    """A process, our end of its pipe, and the batch that it reads."""

    def __init__(self, read: Read, nlp: Language):
        self.connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_work, args=(theirs, read, nlp), daemon=True)
        _CONTEXT.set_forkserver_preload([__name__])
        try:
            with _uninterrupted():
                self._process.start()
        except BrokenPipeError:  # it died over what it was sent
            raise KgError("no process that extracts can be started", remedy=_REMEDY) from None
        theirs.close()
        self.is_ready = False
        self.batch: _Batch | None = None

    def send(self, batch: _Batch) -> None:
        """Has the process read what is next of a batch."""
        self.batch = batch
        with suppress(OSError):  # it is dead: `receive` will tell
            self.connection.send(batch.unread[0])

    def receive(self) -> None:
        """Takes what was found in what was sent last; raises what reading raised, or `EOFError` where the process is dead."""
        try:
            found = self.connection.recv()
        except OSError:
            raise EOFError from None
        if isinstance(found, Exception):
            raise found
        if self.batch:
            self.batch.survived(found)
        self.batch, self.is_ready = None, True

    def end(self) -> str:
        """Ends the process, if it lives, and says how it ended."""
        self._process.kill()
        self._process.join()
        self.connection.close()
        status = self._process.exitcode or 0
        return signal.Signals(-status).name if status < 0 else f"status {status}"


def read_in_processes(
    batches: Iterable[Sequence[Paper]], read: Read, nlp: Language, *, jobs: int, on_skip: OnSkip
) -> Iterator[Extraction]:
    """Yields what is found in batches of papers, in their order; memory does not grow with their number.

    Args:
        batches: The papers, those of a batch to be read at once.
        read: Reads a batch.
        nlp: The pipeline that each process gets a copy of.
        jobs: The number of processes.
        on_skip: Called with an error for each paper that no process survives.

    Raises:
        KgError: No process can be started, or none stays alive long enough to begin.
    """
    waiting = _Batches(batches, _AHEAD * jobs)
    workers = [_Worker(read, nlp) for _ in range(jobs)]
    try:
        while True:
            ready = [worker for worker in workers if worker.is_ready]
            for worker in ready:
                if not worker.batch and (batch := waiting.next()):
                    worker.send(batch)
            if ready and not any(worker.batch for worker in ready):
                return
            for worker in _heard([worker for worker in workers if worker.batch or not worker.is_ready]):
                batch = worker.batch
                try:
                    worker.receive()
                except EOFError:
                    ended = worker.end()
                    workers.remove(worker)
                    if worker.is_ready:
                        workers.append(_Worker(read, nlp))
                    if not workers:
                        raise KgError(f"no process that extracts can be started: {ended}", remedy=_REMEDY) from None
                    if batch and (paper := batch.died()):
                        on_skip(_skipped(paper, ended))
                if batch:
                    yield from waiting.back(batch)
    finally:
        for worker in workers:
            worker.end()


def _heard(workers: list[_Worker]) -> list[_Worker]:
    """Those of some processes that have answered or died, as soon as there is one."""
    answered = wait([worker.connection for worker in workers])
    return [worker for worker in workers if worker.connection in answered]


def _skipped(paper: Paper, ended: str) -> KgError:
    place = paper.source or paper.id
    file = source_file(place)
    line = place.removeprefix(file).removeprefix(":")
    reason = f"{paper.id}: each process that read it died ({ended})"
    return RecordError(reason, at=Location(file, int(line) if line else None), remedy="leave it out, or give more memory")


def _work(connection: Connection, read: Read, nlp: Language) -> None:
    """What a process does until the other end of its pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes: the first one answers it, for all
    nlp.vocab.vectors = nlp.vocab.vectors  # ties them to the vocabulary's strings, which pickling forgets
    with suppress(EOFError, OSError):  # nobody listens any more
        connection.send([])  # ready
        while True:
            connection.send(_answer(read, nlp, connection.recv()))


def _answer(read: Read, nlp: Language, papers: Sequence[Paper]) -> list[Extraction] | Exception:
    try:
        return read(nlp, papers)
    except Exception as error:
        error.add_note(traceback.format_exc())
        return error


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keeps Ctrl-C back, from us until the end of the block, from processes started in it for good."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # which would let Ctrl-C through again, were it started in the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

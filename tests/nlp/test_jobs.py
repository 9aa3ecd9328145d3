"""Extraction shared by processes: what it finds, and what happens to those that die."""

import importlib
import os
import signal
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.nlp import analyse, jobs, read_batch
from kg.papers import make_paper

TEXT = "We propose SparseNet, a convolutional neural network evaluated on ImageNet with an accuracy of 81.3%. "


@pytest.fixture(scope="module")
def papers():
    return [make_paper(f"Paper {number}", TEXT * (number % 7), source=f"papers.jsonl:{number}") for number in range(40)]


def batches(papers, size=7):
    return [papers[start : start + size] for start in range(0, len(papers), size)]


@pytest.fixture
def readers(monkeypatch):
    """Functions that processes import by their names, wherever the tests are started from."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    return importlib.import_module("readers")


def test_what_is_found_does_not_depend_on_the_number_of_processes(nlp, papers):
    shared = jobs.read_in_processes(batches(papers), read_batch, nlp, jobs=3, on_skip=pytest.fail)
    assert list(shared) == list(analyse(papers, nlp=nlp))


def test_the_paper_that_kills_is_skipped_and_named_and_all_others_are_read(nlp, papers, readers):
    deadly = make_paper(readers.DEADLY, TEXT, source="papers.jsonl:99")
    skipped = []
    shared = jobs.read_in_processes(
        batches([*papers[:10], deadly, *papers[10:]]), readers.read_or_die, nlp, jobs=2, on_skip=skipped.append
    )
    assert list(shared) == list(analyse(papers, nlp=nlp))
    (error,) = skipped
    assert str(error).startswith(f"papers.jsonl:99: {deadly.id}: each process that read it died (SIGKILL)")


def test_a_process_killed_from_outside_costs_nothing(nlp, papers, readers):
    shared = jobs.read_in_processes(batches(papers), readers.read_slowly, nlp, jobs=2, on_skip=pytest.fail)
    found = [next(shared)]
    for process in jobs.multiprocessing.active_children():
        os.kill(process.pid, signal.SIGKILL)
    assert found + list(shared) == list(analyse(papers, nlp=nlp))


def test_papers_are_drawn_as_they_are_needed(nlp, papers):
    drawn = 0

    def endless():
        nonlocal drawn
        while True:
            drawn += 1
            yield papers[:1]

    shared = jobs.read_in_processes(endless(), read_batch, nlp, jobs=2, on_skip=pytest.fail)
    for _ in range(20):
        next(shared)
    shared.close()
    assert drawn <= 20 + 2 * 4
    assert not jobs.multiprocessing.active_children()


def test_what_a_pipeline_raises_is_raised(nlp, papers, readers):
    with pytest.raises(ZeroDivisionError):
        list(jobs.read_in_processes(batches(papers), readers.divide, nlp, jobs=2, on_skip=pytest.fail))


class Unfit:
    """A pipeline that no process can take."""

    def __reduce__(self):
        return os._exit, (3,)


def test_processes_that_cannot_start_are_one_error(papers):
    with pytest.raises(KgError, match="no process that extracts can be started: status 3"):
        list(jobs.read_in_processes(batches(papers), read_batch, Unfit(), jobs=2, on_skip=pytest.fail))


def test_a_huge_abstract_is_read_alone(papers):
    from kg.nlp import _batches

    huge = make_paper("Huge", "word " * 150_000)
    assert [len(batch) for batch in _batches([*papers, huge, *papers])] == [40, 1, 40]


def test_usable_cores_are_those_of_the_process():
    assert 1 <= jobs.usable_cores() <= os.cpu_count()
    if hasattr(os, "sched_setaffinity"):
        before = os.sched_getaffinity(0)
        try:
            os.sched_setaffinity(0, {min(before)})
            assert jobs.usable_cores() == 1
        finally:
            os.sched_setaffinity(0, before)

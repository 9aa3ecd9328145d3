"""From unlabelled papers and gold data to the pipeline that ships (README.md beside this file says how well each try did)."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from spacy.language import Language
from spacy.tokens import Doc

from kg.papers import normalized_title
from kg.schema import Paper
from kg.training.batches import Collection
from kg.training.fit import fit
from kg.training.gold import gold_doc, read_gold
from kg.training.network import Reader, Tagger
from kg.training.package import package, tokenizer
from kg.training.pretrain import pretrain
from kg.training.silver import label
from kg.training.vectors import train_vectors
from kg.training.words import count_words

# What is told while training runs: the step's name, and the share of it that is done.
Progress = Callable[[str, float], None]
_Result = TypeVar("_Result")

# Every so many papers of the gold data one is held out, to measure how sure the network has to be.
_HELD_OUT = 20


@dataclass(frozen=True, slots=True)
class Teacher:
    """What makes a teacher err differently from the others, so that what several agree on is more often right."""

    seed: int
    dropout: float = 0.4
    start_rate: float = 0.5


@dataclass(frozen=True, slots=True)
class Settings:
    """How much is trained."""

    pretraining_epochs: int = 1
    teachers: tuple[Teacher, ...] = (Teacher(1), Teacher(2, dropout=0.5, start_rate=1.0), Teacher(3, dropout=0.5))
    teacher_epochs: int = 10
    silver_papers: int = 30_000
    epochs: int = 6
    longest: int = 400
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Steps:
    """Results of steps, kept in a folder: training that was stopped goes on behind the last step that was done."""

    folder: Path

    def result(self, name: str, make: Callable[[], _Result]) -> _Result:
        path = self.folder / f"{name}.pt"
        if path.exists():
            kept: _Result = torch.load(path, weights_only=False)
            return kept
        made = make()
        partial_path = path.with_suffix(".part")
        torch.save(made, partial_path)
        partial_path.replace(path)
        return made


def train(
    gold: Sequence[Path],
    papers: Sequence[Paper],
    output: Path,
    *,
    work: Path,
    dev: Path | None = None,
    settings: Settings = Settings(),  # frozen
    progress: Progress = lambda step, share: None,
) -> None:
    """Trains all that is learned, and writes the pipeline; the same input and machine give the same weights.

    Args:
        gold: Files of annotated papers to learn from.
        papers: Papers to learn the language from; their texts are enough.
        output: The folder of the pipeline.
        work: A folder for the results of steps, from which stopped training goes on.
        dev: Annotated papers to measure on; their scores are written into the pipeline's `meta.json`.
        settings: How much is trained.
        progress: Is told what is being done.
    """
    torch.set_num_threads(1)  # so that sums are made in one order
    annotated = [paper for path in gold for paper in read_gold(path)]
    # What is measured on must not even be known as text.
    unseen = {normalized_title(paper.title) for paper in read_gold(dev)} if dev else set()
    papers = [paper for paper in papers if normalized_title(paper.title) not in unseen]
    data = {
        "papers": len(papers),
        "papers_sha256": _digest(paper.text for paper in papers),
        "gold_sha256": [[path.name, hashlib.sha256(path.read_bytes()).hexdigest()] for path in gold],
    }
    steps = _Steps(work / _digest([json.dumps(data), repr(settings)])[:16])
    steps.folder.mkdir(parents=True, exist_ok=True)

    nlp = tokenizer()
    nlp.vocab.vectors.from_bytes(
        steps.result("vectors", lambda: train_vectors(_docs(tokenizer(), papers, "vectors", progress)))
    )
    words = steps.result("words", lambda: count_words(_docs(nlp, papers, "words", progress)))
    texts = steps.result(
        "texts",
        lambda: Collection.of(_docs(nlp, papers, "texts", progress), words, nlp.vocab, longest=settings.longest),
    )
    learned = Collection.of((gold_doc(nlp, paper) for paper in annotated), words, nlp.vocab, longest=settings.longest)
    tagger = _student(steps, texts, learned, settings, progress)
    package(nlp, words, tagger, annotated, annotated[::_HELD_OUT], output, data=data, dev=dev)


def _student(steps: _Steps, texts: Collection, gold: Collection, settings: Settings, progress: Progress) -> Tagger:
    """Teachers learn from the gold data, a student from what they find in other papers and then from the gold data."""

    def read() -> Reader:
        return pretrain(texts, epochs=settings.pretraining_epochs, seed=settings.seed, progress=partial(progress, "language"))

    def learn(name: str, *given: Any, **how: Any) -> Tagger:
        return steps.result(name, lambda: fit(*given, **how, progress=partial(progress, name)))

    reader = steps.result("language", read)
    numbers = [number for number in range(len(gold.texts)) if number % _HELD_OUT]
    teachers = [
        learn(f"teacher {number}", gold, numbers, start=reader, epochs=settings.teacher_epochs, **asdict(teacher))
        for number, teacher in enumerate(settings.teachers, start=1)
    ]
    drawn = np.random.default_rng(settings.seed).permutation(len(texts.texts))[: settings.silver_papers].tolist()
    silver = steps.result("labels", lambda: label(texts, drawn, teachers, progress=partial(progress, "labels")))
    seed = settings.seed
    student = learn("student, their labels", silver, range(len(drawn)), start=reader, epochs=1, seed=seed)
    return learn("student, gold labels", gold, numbers, start=student, epochs=settings.epochs, seed=seed)


def _digest(lines: Iterable[str]) -> str:
    """The SHA-256 of lines of text."""
    found = hashlib.sha256()
    for line in lines:
        found.update(f"{line}\n".encode())
    return found.hexdigest()


def _docs(nlp: Language, papers: Sequence[Paper], step: str, progress: Progress) -> Iterator[Doc]:
    for number, paper in enumerate(papers, start=1):
        yield nlp.make_doc(paper.text)
        progress(step, number / len(papers))

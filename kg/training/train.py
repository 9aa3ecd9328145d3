"""From unlabelled papers and gold data to the pipeline that ships (README.md beside this file says how well each try did)."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import torch
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import Location, SourceError
from kg.papers import normalized_title
from kg.schema import Paper
from kg.training.batches import Collection
from kg.training.fit import fit
from kg.training.gold import Split, gold_doc, read_gold
from kg.training.lexicon import count_names
from kg.training.network import Reader, Tagger
from kg.training.package import package, tokenizer
from kg.training.pretrain import pretrain
from kg.training.vectors import train_vectors
from kg.training.words import count_words

# What is told while training runs: the step's name, and the share of it that is done.
Progress = Callable[[str, float], None]
_Result = TypeVar("_Result")

# Every so many papers of the gold data one is held out, to measure how sure a name is.
_HELD_OUT = 20
# The learning rate of the last step; README.md has what others gave.
_LAST_RATE = 1e-3


@dataclass(frozen=True, slots=True)
class Settings:
    """How much is trained: epochs of all papers, of all gold data, and of the first of its files alone."""

    pretraining_epochs: int = 3
    epochs: int = 5
    last_epochs: int = 2
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
        gold: Files of annotated papers to learn from, the one annotated with the most care first.
        papers: Papers to learn the language from; their texts are enough.
        output: The folder of the pipeline.
        work: A folder for the results of steps, from which stopped training goes on.
        dev: Annotated papers to measure on; their scores are written into the pipeline's `meta.json`.
        settings: How much is trained.
        progress: Is told what is being done.

    Raises:
        SourceError: A gold file can't be read, or the first has fewer than two papers.
    """
    torch.set_num_threads(1)  # so that sums are made in one order
    files = [list(read_gold(path)) for path in gold]
    if len(files[0]) < 2:  # one is held out
        raise SourceError("too few annotated papers to learn from", at=Location(str(gold[0])), remedy="give a file with more")
    annotated = list(chain.from_iterable(files))
    # What is measured on must not even be known as text.
    unseen = {normalized_title(paper.title) for paper in read_gold(dev)} if dev else set()
    papers = [paper for paper in papers if normalized_title(paper.title) not in unseen]
    data = {
        "papers": len(papers),
        "papers_sha256": _digest(paper.text for paper in papers),
        "gold_sha256": [[path.name, hashlib.sha256(path.read_bytes()).hexdigest()] for path in gold],
    }
    steps = _Steps(work / _digest([json.dumps(data), repr(settings), version("paper-kg")])[:16])
    steps.folder.mkdir(parents=True, exist_ok=True)

    nlp = tokenizer()
    nlp.vocab.vectors.from_bytes(
        steps.result("vectors", lambda: train_vectors(_docs(tokenizer(), papers, "vectors", progress)))
    )
    words = steps.result("words", lambda: count_words(_docs(nlp, papers, "words", progress)))

    def read() -> Reader:
        texts = Collection.of(_docs(nlp, papers, "texts", progress), words, nlp.vocab, longest=settings.longest)
        return pretrain(texts, epochs=settings.pretraining_epochs, seed=settings.seed, progress=partial(progress, "language"))

    reader = steps.result("language", read)
    taught = [number for number in range(len(annotated)) if number % _HELD_OUT]
    careful = sum(number < len(files[0]) for number in taught)
    split = Split([annotated[number] for number in taught], annotated[::_HELD_OUT])
    docs = [gold_doc(nlp, paper) for paper in split.learned]
    lexicon = count_names(docs)
    learned = Collection.of(docs, words, nlp.vocab, longest=settings.longest, lexicon=lexicon)
    tagger = _tagger(steps, reader, learned, careful, settings, progress)
    package(nlp, words, lexicon, tagger, split, output, data=data, dev=dev)


def _tagger(
    steps: _Steps,
    reader: Reader,
    gold: Collection,
    careful: int,
    settings: Settings,
    progress: Progress,
) -> Tagger:
    """Learns names from all papers of the gold data, then from the `careful` ones, the first so many, again."""

    def learn(name: str, numbers: Sequence[int], **how: Any) -> Tagger:
        return steps.result(name, lambda: fit(gold, numbers, **how, seed=settings.seed, progress=partial(progress, name)))

    tagger = learn("names", range(len(gold.texts)), start=reader, epochs=settings.epochs)
    # What is read last counts most: the file that was annotated with the most care.
    return learn(
        "names, first file", range(careful), start=tagger, epochs=settings.last_epochs, rate=_LAST_RATE, start_rate=1.0
    )


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

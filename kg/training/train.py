"""From unlabelled papers and gold data to the pipeline that ships (README.md beside this file says how well each try did)."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import spacy
import srsly
import torch
from spacy.language import Language
from spacy.tokens import Doc

from kg.nlp import STEPS, load
from kg.nlp.crf import Crf
from kg.nlp.network import Network
from kg.nlp.recognizer import Recognizer
from kg.nlp.words import Words
from kg.papers import normalized_title
from kg.schema import Paper
from kg.training.batches import Collection
from kg.training.calibrate import calibrate
from kg.training.evaluate import evaluate
from kg.training.export import texts_graph, words_graph
from kg.training.fit import fit
from kg.training.gold import GoldPaper, gold_doc, read_gold
from kg.training.network import Reader, Tagger
from kg.training.pretrain import pretrain
from kg.training.roles import train_roles
from kg.training.silver import label
from kg.training.vectors import train_vectors
from kg.training.words import count_words

# What is told while training runs: the step's name, and the share of it that is done.
Progress = Callable[[str, float], None]

# Every so many papers of the gold data one is held out, to measure how sure the network has to be.
_HELD_OUT = 20
# Weights are copied without the words of the texts that they were trained on.
_STRINGS = ["strings", "vocab"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How much is trained."""

    pretraining_epochs: int = 1
    teacher_seeds: tuple[int, ...] = (1, 2)
    teacher_epochs: int = 10
    silver_papers: int = 30_000
    epochs: int = 6
    longest: int = 400
    seed: int = 0


def train(
    gold: Path,
    papers: Sequence[Paper],
    output: Path,
    *,
    dev: Path | None = None,
    settings: Settings = Settings(),  # frozen
    progress: Progress = lambda step, share: None,
) -> None:
    """Trains all that is learned, and writes the pipeline; the same input and machine give the same weights.

    Args:
        gold: Annotated papers to learn from.
        papers: Papers to learn the language from; their texts are enough.
        output: The folder of the pipeline.
        dev: Annotated papers to measure on; their scores are written into the pipeline's `meta.json`.
        settings: How much is trained.
        progress: Is told what is being done.
    """
    torch.set_num_threads(1)  # so that sums are made in one order
    annotated = list(read_gold(gold))
    # What is measured on must not even be known as text.
    unseen = {normalized_title(paper.title) for paper in read_gold(dev)} if dev else set()
    papers = [paper for paper in papers if normalized_title(paper.title) not in unseen]
    nlp = _tokenizer()
    train_vectors(nlp, _docs(nlp, papers, "vectors", progress))
    words = count_words(_docs(nlp, papers, "words", progress))
    texts = Collection.of(_docs(nlp, papers, "texts", progress), words, nlp.vocab, longest=settings.longest)
    reader = pretrain(
        texts,
        epochs=settings.pretraining_epochs,
        seed=settings.seed,
        progress=partial(progress, "language"),
    )
    learned = Collection.of((gold_doc(nlp, paper) for paper in annotated), words, nlp.vocab, longest=settings.longest)
    tagger = _student(texts, learned, reader, settings, progress)
    data = {"papers": len(papers), "papers_sha256": digest(paper.text for paper in papers)}
    data |= {"gold": gold.name, "gold_sha256": hashlib.sha256(gold.read_bytes()).hexdigest()}
    package(nlp, words, tagger, annotated, output, data=data, dev=dev)


def _student(texts: Collection, gold: Collection, reader: Reader, settings: Settings, progress: Progress) -> Tagger:
    """Teachers learn from the gold data, a student from what they find in other papers and then from the gold data."""
    numbers = [number for number in range(len(gold.texts)) if number % _HELD_OUT]
    teachers = [
        fit(
            gold,
            numbers,
            start=reader,
            epochs=settings.teacher_epochs,
            seed=seed,
            progress=partial(progress, f"teacher {seed}"),
        )
        for seed in settings.teacher_seeds
    ]
    drawn = np.random.default_rng(settings.seed).permutation(len(texts.texts))[: settings.silver_papers].tolist()
    silver = label(texts, drawn, teachers, progress=partial(progress, "labels"))
    student = fit(
        silver,
        range(len(drawn)),
        start=reader,
        epochs=1,
        seed=settings.seed,
        progress=partial(progress, "student, their labels"),
    )
    return fit(
        gold,
        numbers,
        start=student,
        epochs=settings.epochs,
        seed=settings.seed,
        progress=partial(progress, "student, gold labels"),
    )


def package(
    vectors: Language,
    words: Words,
    tagger: Tagger,
    annotated: Sequence[GoldPaper],
    output: Path,
    *,
    data: dict[str, Any],
    dev: Path | None,
) -> None:
    """Puts a trained tagger and newly trained roles into one pipeline, small enough to ship; `data` tells of their data."""
    nlp = _pipeline(vectors)
    recognizer = nlp.get_pipe("kg_recognizer")
    assert isinstance(recognizer, Recognizer)
    recognizer.network = Network(nlp.vocab, words, words_graph(tagger.word), texts_graph(tagger))
    crf = tagger.crf
    recognizer.crf = Crf.constrained(*(scores.detach().numpy() for scores in (crf.transitions, crf.starts, crf.ends)))
    held_out = annotated[::_HELD_OUT]
    calibrate(nlp, held_out)
    _copy_weights(train_roles(nlp, annotated, held_out), nlp.get_pipe("kg_roles"))
    # A new pipeline, since this one's vocabulary has met the words of the texts.
    shipped = _pipeline(vectors)
    for name in ("kg_recognizer", "kg_roles"):
        _copy_weights(nlp.get_pipe(name), shipped.get_pipe(name))
    shipped.vocab.vectors.data = shipped.vocab.vectors.data.astype(np.float16)
    shipped.meta.update(
        name="paper_kg",
        version=version("paper-kg"),
        description="Methods, datasets, tasks and metrics in abstracts of machine-learning papers",
        author="the paper-kg authors",
        license="Apache-2.0",
        trained_on=data,
        trained_with={name: version(name) for name in ("floret", "onnx", "onnxruntime", "scikit-learn", "spacy", "torch")},
    )
    shipped.to_disk(output)
    if dev:
        # Measured with what was written, in half precision as it ships.
        meta = srsly.read_json(output / "meta.json")
        meta["performance"] = evaluate(list(read_gold(dev)), nlp=load(output)).figures()
        srsly.write_json(output / "meta.json", meta)


def digest(lines: Iterable[str]) -> str:
    """The SHA-256 of lines of text."""
    found = hashlib.sha256()
    for line in lines:
        found.update(f"{line}\n".encode())
    return found.hexdigest()


def _tokenizer() -> Language:
    return spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "kg.Tokenizer.v1"}}})


def _pipeline(vectors: Language) -> Language:
    """A pipeline of all steps with the vectors of another, not with its words."""
    nlp = _tokenizer()
    _copy_weights(vectors.vocab.vectors, nlp.vocab.vectors)
    for name, settings in STEPS:
        nlp.add_pipe(name, config=dict(settings))
    return nlp


def _docs(nlp: Language, papers: Sequence[Paper], step: str, progress: Progress) -> Iterator[Doc]:
    for number, paper in enumerate(papers, start=1):
        yield nlp.make_doc(paper.text)
        progress(step, number / len(papers))


def _copy_weights(source: Any, target: Any) -> None:
    target.from_bytes(source.to_bytes(exclude=_STRINGS), exclude=_STRINGS)

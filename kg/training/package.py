"""The trained parts as one spaCy pipeline, small enough to ship."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import spacy
import srsly
from spacy.language import Language

from kg.nlp import STEPS, load
from kg.nlp.crf import Crf
from kg.nlp.lexicon import Lexicon
from kg.nlp.network import Network
from kg.nlp.recognizer import Recognizer
from kg.nlp.words import Words
from kg.training.abbreviations import train_abbreviations
from kg.training.calibrate import calibrate
from kg.training.evaluate import evaluate
from kg.training.export import texts_graph, words_graph
from kg.training.gold import Split, read_gold
from kg.training.network import Tagger
from kg.training.results import train_results
from kg.training.roles import train_roles

# Weights are copied without the words of the texts that they were trained on.
_STRINGS = ["strings", "vocab"]


def package(
    vectors: Language,
    words: Words,
    lexicon: Lexicon,
    tagger: Tagger,
    gold: Split,
    output: Path,
    *,
    data: dict[str, Any],
    dev: Path | None,
) -> None:
    """Puts a trained tagger, and abbreviations, roles and results trained behind it, into one small pipeline.

    `data` tells of what they were trained on.
    """
    nlp = _pipeline(vectors)
    recognizer = nlp.get_pipe("kg_recognizer")
    assert isinstance(recognizer, Recognizer)
    recognizer.network = Network(nlp.vocab, words, words_graph(tagger.word), texts_graph(tagger))
    recognizer.lexicon = lexicon
    crf = tagger.crf
    recognizer.crf = Crf.constrained(*(scores.detach().numpy() for scores in (crf.transitions, crf.starts, crf.ends)))
    calibrate(nlp, gold.held_out)
    # Each step learns from what those before it find.
    _copy_weights(train_abbreviations(nlp, gold.learned), nlp.get_pipe("kg_abbreviations"))
    _copy_weights(train_roles(nlp, gold), nlp.get_pipe("kg_roles"))
    _copy_weights(train_results(nlp, gold), nlp.get_pipe("kg_results"))
    # A new pipeline, since this one's vocabulary has met the words of the texts.
    shipped = _pipeline(vectors)
    for name in ("kg_recognizer", "kg_abbreviations", "kg_roles", "kg_results"):
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


def tokenizer() -> Language:
    """A pipeline that splits text into tokens, and no more."""
    return spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "kg.Tokenizer.v1"}}})


def _pipeline(vectors: Language) -> Language:
    """A pipeline of all steps with the vectors of another, not with its words."""
    nlp = tokenizer()
    _copy_weights(vectors.vocab.vectors, nlp.vocab.vectors)
    for name, settings in STEPS:
        nlp.add_pipe(name, config=dict(settings))
    return nlp


def _copy_weights(source: Any, target: Any) -> None:
    target.from_bytes(source.to_bytes(exclude=_STRINGS), exclude=_STRINGS)

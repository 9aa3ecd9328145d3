"""Word vectors from unlabelled papers: floret (Boyd and Warmerdam 2022), fastText's sub-words in a small table."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import floret
import spacy
from spacy.tokens import Doc
from spacy.training.initialize import convert_vectors

# Skipgram, sub-words of 3 to 6 characters, two hashes into 50,000 rows of 96 numbers.
_SETTINGS = {"model": "skipgram", "mode": "floret", "dim": 96, "bucket": 50_000, "hashCount": 2, "minn": 3, "maxn": 6}


def train_vectors(docs: Iterable[Doc]) -> bytes:
    """Trains vectors on texts, for `Vectors.from_bytes` of spaCy; with one thread, so the same each time."""
    nlp = spacy.blank("en")
    with tempfile.TemporaryDirectory() as folder:
        tokens, table = Path(folder) / "tokens.txt", Path(folder) / "vectors.floret"
        with tokens.open("w", encoding="utf-8") as stream:
            for doc in docs:
                stream.write(" ".join(token.text for token in doc if not token.is_space) + "\n")
        floret.train_unsupervised(str(tokens), thread=1, minCount=5, epoch=5, **_SETTINGS).save_floret_vectors(str(table))
        convert_vectors(nlp, table, mode="floret", prune=-1, truncate=0, name=None)
    vectors: bytes = nlp.vocab.vectors.to_bytes()
    return vectors

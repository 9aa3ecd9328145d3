"""Papers to extractions: a spaCy pipeline of registered steps and the model that ships with the package."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from functools import lru_cache
from importlib.metadata import version
from itertools import chain, islice
from pathlib import Path

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import Location, ModelError, OnSkip, log_skip
from kg.nlp import abbreviations, mentions, recognizer, results, roles, tokenizer, urls  # noqa: F401  # registers the factories
from kg.nlp.foreign import adapt
from kg.nlp.jobs import read_in_processes, usable_cores
from kg.nlp.texts import doc_of
from kg.papers import collect
from kg.schema import MAX_TEXT_CHARS, Abbreviation, Extraction, Label, Link, LinkRole, Mention, Model, Paper, Result, Role

MODEL_PATH = Path(__file__).parent / "model"

# The steps with their settings, in the order they run.
STEPS: tuple[tuple[str, dict[str, object]], ...] = (
    ("kg_urls", {}),
    ("kg_recognizer", {}),
    ("sentencizer", {"punct_chars": [".", "?", "!", "\n"]}),
    ("kg_abbreviations", {}),
    ("kg_roles", {}),
    ("kg_results", {}),
)

# What is read at once, by a process that shares the work: little enough for a steady progress bar and for little lost.
_BATCH_CHARS = 400_000
# So many words are kept for as long as the process lives, with how the tokenizer splits them: a few MB.
_WORDS_KEPT = 20_000


@lru_cache(maxsize=1)
def load(
    model: str | Path = MODEL_PATH, *, labels: tuple[tuple[str, str], ...] = (), min_score: float | None = None
) -> Language:
    """Loads a pipeline: the one that ships with the package, or any of spaCy's that recognizes entities.

    Args:
        model: A folder, or the name of an installed package.
        labels: Pairs of a label of the model and ours, for a model with others; its labels without a pair are left out.
        min_score: Names with a lower score are left out; by default, the model's own measure.

    Raises:
        ModelError: There is no such model, or it can't do what is asked.
    """
    try:
        nlp = spacy.load(model)
    except (OSError, ValueError) as error:
        # Its first paragraph; behind that come all settings.
        reason = re.split(r"\n\n|\n\{", str(error).strip())[0]
        raise ModelError(reason, at=Location(str(model)), remedy="give a folder or a package") from None
    nlp.max_length = MAX_TEXT_CHARS + 1
    # Stored in half precision to be small; computed with in single.
    nlp.vocab.vectors.data = nlp.vocab.vectors.data.astype(np.float32)
    if "kg_recognizer" not in nlp.pipe_names:
        nlp = adapt(nlp, spacy.load(MODEL_PATH), dict(labels))
    if min_score is not None:
        if "kg_recognizer" not in nlp.pipe_names:
            raise ModelError("this model gives no scores", at=Location(str(model)), remedy="leave --min-score out")
        nlp.get_pipe("kg_recognizer").min_score = min_score  # type: ignore[attr-defined]
    return nlp


def identity(nlp: Language) -> Model:
    """Which model a pipeline is; what is hashed are the files it was loaded from, by name."""
    return Model(nlp.meta["name"], nlp.meta["version"], _digest(nlp.path) if nlp.path else None)


def _digest(folder: Path) -> str | None:
    """The SHA-256 of a folder's files with their names, None where there are none."""
    digest = hashlib.sha256()
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    for file in files:
        digest.update(f"{file.relative_to(folder).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest() if files else None


def fingerprint(nlp: Language) -> str:
    """A hash of all that decides what a pipeline finds: its model and settings, the code of our steps, the libraries below."""
    recognizer = nlp.get_pipe("kg_recognizer") if "kg_recognizer" in nlp.pipe_names else None
    settings = json.dumps([nlp.config["components"], getattr(recognizer, "min_score", None)], sort_keys=True, default=str)
    code = (path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    libraries = [f"{library} {version(library)}" for library in ("numpy", "onnxruntime", "spacy", "tldextract")]
    ours = "" if recognizer else str(_digest(MODEL_PATH))  # behind another recognizer our other steps have our model's weights
    parts = (str(identity(nlp)).encode(), ours.encode(), settings.encode(), *code, *map(str.encode, libraries))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def extract(
    papers: Iterable[Paper], *, jobs: int | None = 1, nlp: Language | None = None, on_skip: OnSkip = log_skip
) -> Iterator[Extraction]:
    """Yields what is found in each distinct paper, in the order in which they are first met.

    Args:
        papers: Papers, as `kg.read` yields them. All are read, and records of one paper merged
            (see `kg.papers.collect`), before the first is analysed.
        jobs: The number of processes that share the work, None for one on each usable core; the result does not depend
            on it. A script that gives more than 1 does so under `if __name__ == "__main__":` (see `multiprocessing`).
        nlp: The pipeline, by default the one that ships with the package.
        on_skip: Called with an error for each paper that the processes die of, such as for want of memory; the rest goes
            on. By default it is logged.

    >>> import kg
    >>> paper, = kg.read({"title": "GloVe", "abstract": "Code is at https://github.com/stanfordnlp/GloVe."})
    >>> extraction, = kg.extract([paper])
    >>> [(link.url, str(link.role)) for link in extraction.links]
    [('https://github.com/stanfordnlp/GloVe', 'code')]
    """
    yield from analyse(collect(papers), jobs=jobs, nlp=nlp, on_skip=on_skip)


def analyse(
    papers: Iterable[Paper], *, jobs: int | None = 1, nlp: Language | None = None, on_skip: OnSkip = log_skip
) -> Iterator[Extraction]:
    """Yields one extraction a paper, for papers that are distinct already, which are read as they are needed; see `extract`."""
    nlp = nlp or load()
    batches = _batches(papers)
    first = list(islice(batches, 2))
    jobs = jobs or usable_cores()
    if jobs > 1 and len(first) > 1:
        yield from read_in_processes(chain(first, batches), read_batch, nlp, jobs=jobs, on_skip=on_skip)
        return
    for batch in chain(first, batches):
        yield from read_batch(nlp, batch)


def read_batch(nlp: Language, papers: Sequence[Paper]) -> list[Extraction]:
    """What is found in papers that are read at once."""
    # In a memory zone new words are forgotten with it, so that memory does not grow with the papers. But the tokenizer
    # remembers only outside of one how it splits a word: so the first words are kept.
    with nlp.memory_zone() if len(nlp.vocab) > _WORDS_KEPT else nullcontext():
        docs = nlp.pipe(doc_of(nlp, paper.text) for paper in papers)
        return [_extraction(doc, paper) for doc, paper in zip(docs, papers, strict=True)]


def _batches(papers: Iterable[Paper]) -> Iterator[list[Paper]]:
    """Papers that are read at once; a huge one is a batch of its own."""
    batch: list[Paper] = []
    chars = 0
    for paper in papers:
        chars += len(paper.text)
        if batch and (chars > _BATCH_CHARS or len(batch) == recognizer.BATCH):
            yield batch
            batch, chars = [], len(paper.text)
        batch.append(paper)
    if batch:
        yield batch


def _extraction(doc: Doc, paper: Paper) -> Extraction:
    return Extraction(
        paper=paper,
        mentions=tuple(
            Mention(
                ent.text,
                Label(ent.label_),
                ent.start_char,
                ent.end_char,
                role=Role(ent._.role) if ent._.role else None,
                score=ent._.score,
            )
            for ent in doc.ents
        ),
        abbreviations=tuple(Abbreviation(*pair) for pair in doc._.abbreviations),
        links=tuple(Link(url, LinkRole(role), start, end) for url, role, start, end in doc._.urls),
        results=tuple(Result(*row) for row in doc._.results),
    )

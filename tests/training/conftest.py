"""Gold rows of our own; the real ones are measured where they are."""

import json

import pytest

SENTENCES = [
    ("We propose {m}, a network.", "METHOD", "proposed"),
    ("We build on {m} here.", "METHOD", "used"),
    ("It outperforms {m} by far.", "METHOD", "compared"),
    ("It is evaluated on {m}.", "DATASET", "used"),
]
NAMES = {"METHOD": ["SparseNet", "GraphFormer", "DeepMix", "BERT", "U-Net"], "DATASET": ["ImageNet", "MNIST", "SQuAD"]}


def row(number):
    """A title and one sentence of each kind with names put in, and where they are."""
    text, mentions = f"Paper {number}\n", []
    for sentence, label, role in SENTENCES:
        name = NAMES[label][(number + len(mentions)) % len(NAMES[label])]
        start = len(text) + sentence.index("{m}")
        mentions.append([start, start + len(name), label, role])
        text += sentence.replace("{m}", name) + " "
    return {
        "id": str(number),
        "title": f"Paper {number}",
        "text": text.rstrip(),
        "mentions": mentions,
        "abbreviations": [],
        "urls": [],
        "results": [],
    }


@pytest.fixture(scope="session")
def gold(tmp_path_factory):
    path = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    path.write_text("".join(json.dumps(row(number)) + "\n" for number in range(41)), encoding="utf-8")
    return path

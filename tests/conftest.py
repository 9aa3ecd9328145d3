"""What several tests share: the real model, the graph of the bundled example, and the private data where it is."""

from pathlib import Path

import networkx as nx
import pytest
from spacy.language import Language

import kg
from kg.nlp import load
from kg.sources import example

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of texts that are not ours to publish; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, whose texts are not part of the repository")
    return SHARED


@pytest.fixture(scope="session")
def training_extra() -> None:
    """Tests that train skip where the packages of the extra `train` are absent."""
    for package in ("floret", "onnx", "sklearn", "torch"):
        pytest.importorskip(package, reason="training needs the extra `train`")


@pytest.fixture(scope="session")
def nlp() -> Language:
    return load()


@pytest.fixture(scope="session")
def example_extractions() -> list[kg.Extraction]:
    return list(kg.extract(kg.read(example.path())))


@pytest.fixture(scope="session")
def example_graph(example_extractions: list[kg.Extraction]) -> nx.MultiDiGraph:
    return kg.build(example_extractions)

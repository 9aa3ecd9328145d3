"""What several tests share: the real model, the graph of the bundled example, and the private data where it is."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import settings
from spacy.language import Language

import kg
from kg.nlp import load
from kg.sources import example

# A busy machine is no fault of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SHARED = Path(__file__).parents[2] / "shared"


@dataclass(frozen=True)
class Done:
    """How a command ended; `returncode` is negative, a signal, where it was killed."""

    returncode: int
    seconds: float
    stdout: str
    stderr: str


class Nursery:
    """Runs `kg` commands one by one; a context manager."""

    def __enter__(self):
        command = [sys.executable, str(Path(__file__).with_name("nursery.py"))]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(timeout=60)

    def kg(self, *arguments, cwd="/", patience=200.0, input="", **env):
        """Runs a command, with these environment variables; it is killed after so many seconds."""
        asked = {"arguments": list(map(str, arguments)), "cwd": str(cwd), "patience": patience, "input": input, "env": env}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Done(**json.loads(self._process.stdout.readline()))


@pytest.fixture(scope="session")
def nursery():
    with Nursery() as opened:
        yield opened


@pytest.fixture(scope="session")
def run(nursery):
    """Runs a `kg` command in a process of its own."""
    return nursery.kg


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

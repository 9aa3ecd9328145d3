"""What a command loads before it begins: start-up is felt at every call."""

import json
import subprocess
import sys

import pytest

CODE = """
import json, sys
from kg.cli import main
sys.argv = ["kg", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    assert not end.code
finally:
    print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def exported(example_graph, tmp_path_factory):
    import kg

    folder = tmp_path_factory.mktemp("exported")
    kg.write_rdf(example_graph, folder / "graph.ttl")
    kg.write_json(example_graph, folder / "graph.json")
    return folder


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--help"], {"spacy", "numpy", "networkx", "rdflib"}),
        (["query", "ASK { ?paper kg:uses ?method }", "graph.ttl"], {"spacy", "numpy", "networkx"}),
        (["show", "ImageNet", "--graph", "graph.json"], {"spacy", "rdflib", "typeguard"}),
    ],
    ids=["help", "query", "show"],
)
def test_a_command_loads_nothing_heavy_that_it_does_not_need(arguments, unneeded, exported):
    command = [sys.executable, "-c", CODE, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=exported)
    assert unneeded & set(json.loads(done.stdout.splitlines()[-1])) == set()

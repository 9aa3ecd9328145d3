"""Sources of other packages, by entry points: a package of two, installed as pip would, read in a process of its own."""

import json
import os
import subprocess
import sys

import pytest

# What a third party writes: a format of files, and a service asked by `shelf:QUERY`.
FORMAT = '''
"""Papers as `Title :: abstract`, one a line, below a line `#shelf`."""

from kg.errors import RecordError
from kg.papers import make_paper


def matches(head):
    return head.startswith("#shelf")


def read(file):
    for number, line in enumerate(file.lines(), start=1):
        title, found, abstract = line.text.partition(" :: ")
        if found:
            yield make_paper(title, abstract, source=file.provenance(number))
        elif number > 1:
            yield RecordError("no ` :: `", at=file.at(number), remedy="write `Title :: abstract`")
'''
SERVICE = """
from kg.papers import make_paper


def search(query, options):
    for number in range(1, options.limit + 1):
        yield make_paper(f"{query} {number}", source=f"shelf:{query}:{number}")
"""
SCRIPT = """
import json, sys, kg
skipped = []
try:
    papers = list(kg.read(sys.argv[1], limit=2, on_skip=skipped.append))
except kg.KgError as error:
    sys.exit(str(error))
print(json.dumps([[[p.title, p.abstract, p.source] for p in papers], [str(e) for e in skipped]]))
"""


@pytest.fixture
def site(tmp_path):
    site = tmp_path / "site"
    information = site / "shelf-1.0.dist-info"
    information.mkdir(parents=True)
    (site / "shelf_format.py").write_text(FORMAT, encoding="utf-8")
    (site / "shelf_service.py").write_text(SERVICE, encoding="utf-8")
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: shelf\nVersion: 1.0\n", encoding="utf-8")
    points = "[kg.sources]\nshelf-format = shelf_format\nshelf = shelf_service\n"
    (information / "entry_points.txt").write_text(points, encoding="utf-8")
    return site


def read(source, site):
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"PYTHONPATH": path}
    return subprocess.run([sys.executable, "-c", SCRIPT, str(source)], env=environment, capture_output=True, text=True)


def test_a_format_of_another_package(tmp_path, site):
    (tmp_path / "a.txt").write_text("#shelf\nAdam :: We adapt.\nnonsense\n", encoding="utf-8")
    papers, skipped = json.loads(read(tmp_path / "a.txt", site).stdout)
    assert papers == [["Adam", "We adapt.", "a.txt:2"]]
    assert skipped == [f"{tmp_path}/a.txt:3: no ` :: ` (write `Title :: abstract`)"]


def test_a_service_of_another_package(site):
    papers, _ = json.loads(read("shelf:graphs", site).stdout)
    assert papers == [["graphs 1", "", "shelf:graphs:1"], ["graphs 2", "", "shelf:graphs:2"]]


@pytest.mark.parametrize(
    ("code", "reason"), [("1 / 0", "can't be loaded: ZeroDivisionError"), ("", "has neither matches and read")]
)
def test_a_broken_package_is_named(tmp_path, site, code, reason):
    (site / "shelf_format.py").write_text(code, encoding="utf-8")
    (tmp_path / "a.txt").write_text("title\nA\n", encoding="utf-8")
    done = read(tmp_path / "a.txt", site)
    assert f"the source shelf-format {reason}" in done.stdout + done.stderr
    assert "mend or remove the package shelf" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr

"""Papers with Code's archived lists as known names."""

import bz2
import json

import pytest

from kg.errors import KgError
from kg.graph.known import read_known
from kg.schema import Label

METHOD = {
    "url": "https://paperswithcode.com/method/zigzagnet",
    "name": "ZZNet",
    "full_name": "Zigzag Network",
    "description": "",
    "paper": None,
    "introduced_year": 2020,
    "num_papers": 3,
    "collections": [],
}
DATASET = {
    "url": "https://paperswithcode.com/dataset/zigzag",
    "name": "ZigzagQA",
    "full_name": "",
    "homepage": "https://zigzag.example/",
    "description": "",
    "variants": ["ZigzagQA (dev)"],
    "num_papers": 3,
}

NO_PAGES = [("z2", "n/a"), ("z3", "http://[::1")]


def write(path, records):
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def test_methods_and_datasets_are_known_by_their_names(tmp_path):
    packed = tmp_path / "datasets.json.bz2"
    pageless = [DATASET | {"name": name, "homepage": page} for name, page in NO_PAGES]
    packed.write_bytes(bz2.compress(json.dumps([DATASET, *pageless]).encode()))
    known = read_known(write(tmp_path / "methods.json", [METHOD]), packed)
    assert known.get((Label.METHOD, "zigzagnetwork")).name == "ZZNet"
    assert known.get((Label.DATASET, "zigzagqa")).homepage == "https://zigzag.example/"
    assert [known.get((Label.DATASET, name)).homepage for name, _ in NO_PAGES] == [None, None]


def test_every_other_list_knows_better(tmp_path):
    ours = tmp_path / "ours.csv"
    ours.write_text("kind,name,aliases\nmethod,Zigzag,Zigzag Network\n", encoding="utf-8")
    known = read_known(ours, write(tmp_path / "methods.json", [METHOD]))
    assert known.get((Label.METHOD, "zigzagnetwork")).name == "Zigzag"
    assert known.get((Label.METHOD, "zznet")).name == "ZZNet"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('[{"title": "A"}]', "a.json:1: not a method or dataset with a name"),
        ('[\n{"name": "A"}]', "a.json:2: neither a method nor a dataset"),
        ("[{", "a.json:1: not JSON"),
    ],
)
def test_what_is_no_such_list_is_refused(tmp_path, content, reason):
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    with pytest.raises(KgError, match=reason):
        read_known(tmp_path / "a.json")


def test_a_missing_list_is_refused(tmp_path):
    with pytest.raises(KgError, match=r"a\.json: No such file"):
        read_known(tmp_path / "a.json")

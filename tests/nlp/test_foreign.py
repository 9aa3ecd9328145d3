"""Pipelines of others in place of ours: here spaCy's own entity ruler, saved to a folder."""

import shutil

import pytest
import spacy

import kg
from kg.nlp import MODEL_PATH, fingerprint, load
from kg.papers import make_paper

PAPER = make_paper("A GAN", "A graph network (GN) and a cycle GAN beat the GAN on MNIST: see https://x.org/GAN.")


@pytest.fixture
def foreign(tmp_path):
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    patterns = {"cycle GAN": "Model", "graph network": "Model", "GN": "Model", "MNIST": "Corpus", "beat": "Verb"}
    ruler.add_patterns([{"label": label, "pattern": name} for name, label in patterns.items()])
    nlp.to_disk(tmp_path / "model")
    return tmp_path / "model"


def test_a_foreign_pipeline_gives_mentions_with_our_labels_and_roles(foreign):
    nlp = load(foreign, labels=(("model", "METHOD"), ("Corpus", "DATASET")))
    (extraction,) = kg.extract([PAPER], nlp=nlp)
    found = {(mention.text, str(mention.label)) for mention in extraction.mentions}
    assert {("cycle GAN", "METHOD"), ("graph network", "METHOD"), ("MNIST", "DATASET")} <= found
    assert not any(name == "beat" for name, _ in found)
    assert all(mention.role for mention in extraction.mentions)
    assert all(mention.score is None for mention in extraction.mentions)
    assert [(pair.short, pair.long) for pair in extraction.abbreviations] == [("GN", "graph network")]


def test_a_name_found_once_is_found_everywhere_but_not_within_a_longer_one_nor_in_an_address(tmp_path):
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "METHOD", "pattern": "cycle GAN"}])
    ruler.add_patterns([{"label": "METHOD", "pattern": [{"TEXT": "GAN", "SPACY": False}]}])  # that of the title
    nlp.to_disk(tmp_path)
    (extraction,) = kg.extract([PAPER], nlp=load(tmp_path))
    assert [mention.text for mention in extraction.mentions] == ["GAN", "cycle GAN", "GAN"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"labels": (("Model", "THING"),)}, "unknown label 'THING'"),
        ({"min_score": 0.5}, "gives no scores"),
    ],
)
def test_what_a_foreign_pipeline_cannot_do_is_said(foreign, arguments, message):
    with pytest.raises(kg.ModelError, match=message):
        load(foreign, **arguments)


def test_a_foreign_pipeline_is_another_with_other_steps_of_ours_behind_it(foreign, tmp_path, monkeypatch):
    shutil.copytree(MODEL_PATH, tmp_path / "ours")
    meta = tmp_path / "ours" / "meta.json"
    meta.write_text(meta.read_text(encoding="utf-8").replace('"version":"', '"version":"9.'), encoding="utf-8")
    before = fingerprint(load(foreign))
    load.cache_clear()
    monkeypatch.setattr(kg.nlp, "MODEL_PATH", tmp_path / "ours")
    assert fingerprint(load(foreign)) != before


def test_a_pipeline_without_entities_is_refused(tmp_path):
    spacy.blank("en").to_disk(tmp_path)
    with pytest.raises(kg.ModelError, match=r"no step of this pipeline sets doc\.ents"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("written", "meant", "message"),
    [
        ("batch_size = 1000", "batch_size = many", r"Config validation error.*batch_size.*integer[^{]*$"),
        ("[nlp]", "[nlp", "Config validation error.*Make sure the sections and values are formatted correctly"),
    ],
)
def test_what_is_wrong_with_a_model_is_said(foreign, written, meant, message):
    config = foreign / "config.cfg"
    config.write_text(config.read_text(encoding="utf-8").replace(written, meant), encoding="utf-8")
    with pytest.raises(kg.ModelError, match=message) as caught:
        load(foreign)
    assert "\n" not in str(caught.value)


def test_a_missing_model_is_said():
    with pytest.raises(kg.ModelError, match="no_such_model"):
        load("no_such_model")

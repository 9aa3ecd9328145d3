"""What `kg evaluate` measures, against counts made by hand and against spaCy's own scorer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.scorer import Scorer
from spacy.training import Example

import kg
from kg.nlp import load
from kg.papers import normalized_title
from kg.schema import Label, Mention, Role
from kg.training.annotations import FOLDER, LEARNED, join, names, with_text, without_text
from kg.training.calibration import curve, expected_calibration_error
from kg.training.conll import read_conll
from kg.training.evaluate import evaluate
from kg.training.gold import gold_doc, read_gold, read_rows
from kg.training.mistakes import MistakeKind, find_mistakes, worst
from kg.training.score import Score


def mention(start, end, label=Label.METHOD, score=None):
    return Mention("abcdefghij"[start:end], label, start, end, score=score)


def test_gold_rows_are_read(gold):
    papers = list(read_gold(gold))
    assert len(papers) == 41
    mention = papers[0].mentions[0]
    assert (mention.text, mention.label, mention.role) == ("SparseNet", Label.METHOD, Role.PROPOSED)


@pytest.mark.parametrize("line", ["{", "{}", "[1]", '{"id": 1, "title": "", "text": "x", "mentions": [[0, 1, "THING", null]]}'])
def test_a_bad_row_is_located(tmp_path, line):
    (tmp_path / "gold.jsonl").write_text("\n" + line, encoding="utf-8")
    with pytest.raises(kg.SourceError, match=r"gold\.jsonl:2: not a row of gold data"):
        list(read_gold(tmp_path / "gold.jsonl"))


def test_gold_mentions_within_a_token_move_outward(nlp, tmp_path):
    row = {"id": "1", "title": "Paper", "text": "Paper\nWe use superBERT.", "mentions": [[18, 22, "METHOD", "used"]]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row | {"abbreviations": [], "urls": [], "results": []}), encoding="utf-8")
    (paper,) = read_gold(tmp_path / "gold.jsonl")
    assert paper.mentions[0].text == "BERT"
    assert [ent.text for ent in gold_doc(nlp, paper).ents] == ["superBERT"]


def test_the_score_of_spans_is_spacys(nlp, gold):
    papers = list(read_gold(gold))
    report = evaluate(papers)
    expected = Scorer.score_spans([Example(nlp(paper.text), gold_doc(nlp, paper)) for paper in papers], "ents")
    assert report.scores["mentions"].precision == pytest.approx(expected["ents_p"])
    assert report.scores["mentions"].recall == pytest.approx(expected["ents_r"])
    assert report.scores["mentions"].f1 == pytest.approx(expected["ents_f"])
    for label, scores in expected["ents_per_type"].items():
        assert report.scores[label].f1 == pytest.approx(scores["f"])


def test_seen_and_unseen_names_are_all_names(gold):
    papers = list(read_gold(gold))
    scores = evaluate(papers, seen=["sparsenet", "MNIST"]).scores
    assert 0 < scores["seen names"].support < scores["mentions"].support
    for count in ("right", "wrong", "missed"):
        parts = [getattr(scores[name], count) for name in ("seen names", "unseen names")]
        assert sum(parts) == getattr(scores["mentions"], count)


def test_the_report_is_json(gold):
    report = json.loads(json.dumps(evaluate(list(read_gold(gold))).as_dict()))
    assert report["scores"]["mentions"]["support"] == 41 * 4
    assert sum(b["count"] for b in report["calibration"]["bins"]) > 0


def test_the_interval_holds_the_figure_and_narrows_with_more_papers():
    few, many = Score([(3, 1, 1), (1, 1, 1)] * 5), Score([(3, 1, 1), (1, 1, 1)] * 500)
    for score in (few, many):
        low, high = score.interval()
        assert low < score.f1 < high
        assert (low, high) == score.interval()
    assert many.interval().high - many.interval().low < few.interval().high - few.interval().low


def test_no_papers_give_no_figures():
    assert (Score().f1, Score().interval()) == (0.0, (0.0, 0.0))
    assert evaluate([]).as_dict()["scores"]["mentions"]["f1"] == 0.0


def test_overlapping_mentions_count_once_each():
    score = Score()
    score.add_overlapping([mention(0, 5), mention(6, 8)], [mention(0, 2), mention(3, 5), mention(6, 8, Label.TASK)])
    assert (score.right, score.wrong, score.missed) == (1, 2, 1)


@pytest.mark.parametrize(
    ("gold", "found", "kinds"),
    [
        ([mention(0, 4)], [mention(0, 4)], []),
        ([mention(0, 4)], [], ["missed"]),
        ([], [mention(0, 4)], ["invented"]),
        ([mention(0, 4)], [mention(0, 4, Label.TASK)], ["wrong label"]),
        ([mention(0, 4)], [mention(2, 6)], ["wrong border"]),
        ([mention(0, 4)], [mention(0, 2), mention(2, 4)], ["wrong border", "invented"]),
    ],
)
def test_mistakes_are_told_apart(gold, found, kinds):
    assert [str(mistake.kind) for mistake in find_mistakes("1", "abcdefghij", gold, found)] == kinds


@given(*[st.lists(st.integers(0, 9), unique=True).map(lambda starts: [mention(i, i + 1) for i in starts])] * 2)
def test_every_wrong_mention_is_a_mistake(gold, found):
    score = Score()
    score.add(gold, found)
    assert len(list(find_mistakes("1", "abcdefghij", gold, found))) == score.wrong + score.missed


def test_the_most_frequent_mistake_is_the_worst():
    mistakes = [*find_mistakes("1", "abcdefghij", [mention(0, 1)], [mention(4, 5, score=0.9)])] * 2
    mistakes += find_mistakes("2", "abcdefghij", [mention(2, 3)], [])
    first, second, third = worst(mistakes, 10)
    assert (first.first.kind, len(first.mistakes)) == (MistakeKind.INVENTED, 2)
    assert (second.first.kind, len(second.mistakes)) == (MistakeKind.MISSED, 2)
    assert third.first.context == "ab[c]defghij"


def test_calibration_is_the_distance_between_score_and_truth():
    assert expected_calibration_error([0.95] * 10, [True] * 5 + [False] * 5) == pytest.approx(0.45)
    assert expected_calibration_error([], []) == 0


def test_the_curve_trades_recall_for_precision():
    thresholds = curve([0.2, 0.6, 0.95], [False, True, True], support=4)
    assert (thresholds[0].precision, thresholds[0].recall) == (2 / 3, 0.5)
    assert (thresholds[9].precision, thresholds[9].recall, thresholds[9].f1) == (1.0, 0.25, 0.4)


CONLL = """-DOCSTART- -X- O

We PRP O
train VB O
graph NN B-Method
networks NN I-Method
GNN NN S-Method
on IN O
MNIST NN I-material

And CC O
BERT NN U-Generic
"""


def test_conll_columns_are_read(tmp_path):
    (tmp_path / "a.conll").write_text(CONLL, encoding="utf-8")
    (paper,) = read_conll(tmp_path / "a.conll", {"Method": "METHOD", "Material": "DATASET"})
    found = [(mention.text, str(mention.label)) for mention in paper.mentions]
    assert found == [("graph networks", "METHOD"), ("GNN", "METHOD"), ("MNIST", "DATASET")]
    assert all(paper.text[mention.start : mention.end] == mention.text for mention in paper.mentions)


def test_conll_without_documents_is_read_by_sentence(tmp_path):
    (tmp_path / "a.conll").write_text(CONLL.split("\n", 2)[2], encoding="utf-8")
    first, second = read_conll(tmp_path / "a.conll")
    assert ([m.text for m in first.mentions], second.mentions) == (["graph networks", "GNN"], ())


@given(
    st.lists(st.tuples(st.from_regex(r"[^\s]{1,5}", fullmatch=True), st.sampled_from(["O", "B-TASK", "I-TASK", "I-METRIC"])))
)
def test_conll_mentions_are_where_they_say(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("conll") / "a.conll"
    rows = [(word, tag) for word, tag in rows if word.split() == [word] and word.isprintable()]
    path.write_text("".join(f"{word} {tag}\n" for word, tag in rows), encoding="utf-8")
    papers = list(read_conll(path))
    assert all(p.text[m.start : m.end] == m.text for p in papers for m in p.mentions)
    assert sum(len(m.text.split()) for p in papers for m in p.mentions) == sum(tag != "O" for _, tag in rows)


@pytest.mark.parametrize("line", ["word", "word tag", "word B-"])
def test_a_bad_conll_line_is_located(tmp_path, line):
    (tmp_path / "a.conll").write_text(f"We O\n{line}\n", encoding="utf-8")
    with pytest.raises(kg.SourceError, match=r"a\.conll:2: no token with a tag"):
        list(read_conll(tmp_path / "a.conll"))


def test_annotations_without_texts_are_joined_again(gold):
    rows = [row for _, row in read_rows(gold)]
    for row in rows:
        bare = without_text(row)
        assert row["text"].split("\n")[1] not in json.dumps(bare)
        assert with_text(bare, ["another text", row["text"]]) == row
        assert with_text(bare, ["another text"]) is None


def test_published_annotations_name_things():
    for path in LEARNED:
        assert {"BERT", "ImageNet", "machine translation"} <= set(names(path))
    assert all("text" not in row for path in FOLDER.glob("*.jsonl") for _, row in read_rows(path))


def test_what_is_measured_on_was_not_learned():
    learned, measured = (
        {normalized_title(row["title"]) for path in paths for _, row in read_rows(path)}
        for paths in (LEARNED, [FOLDER / "dev.jsonl"])
    )
    assert len(measured) == 160
    assert not learned & measured


def test_published_annotations_join_with_their_texts(shared):
    rows = [row for _, row in read_rows(shared / "gold" / "dev.jsonl")]
    papers = [kg.Paper(f"paper:{row['id']}", *row["text"].split("\n", 1)) for row in rows]
    assert [joined for _, joined in join(FOLDER / "dev.jsonl", papers)] == rows


@pytest.fixture(scope="module")
def measured(shared):
    """The shipped model on the development papers, which it has never seen."""
    return evaluate(list(read_gold(shared / "gold" / "dev.jsonl")))


@pytest.mark.parametrize(
    ("name", "least"),
    [("mentions", 0.77), ("METHOD", 0.79), ("DATASET", 0.75), ("urls", 0.97), ("abbreviations", 0.80), ("results", 0.35)],
)
def test_extraction_is_good_enough(measured, name, least):
    assert measured.scores[name].f1 >= least


def test_roles_and_scores_are_good_enough(measured):
    assert measured.roles.precision >= 0.80
    assert measured.calibration_error <= 0.05


def test_the_shipped_model_is_as_good_as_it_says(measured):
    assert measured.figures() == pytest.approx(load().meta["performance"], abs=0.005)

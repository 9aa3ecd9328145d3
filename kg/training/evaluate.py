"""How well extraction does against gold data."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from spacy.language import Language

from kg.errors import KgError
from kg.nlp import analyse
from kg.schema import Extraction, Label, Paper, Role
from kg.training.calibration import Threshold, bins, curve, expected_calibration_error
from kg.training.gold import GoldPaper
from kg.training.mistakes import Mistake, MistakeGroup, find_mistakes, worst
from kg.training.score import Score, place

_WORST = 20


@dataclass(slots=True)
class Report:
    """What was measured.

    `scores` are by name: `mentions` and each label with exact spans, the same with `(overlap)`, names `seen` in training and
    `unseen` ones, `urls`, `url roles`, `abbreviations`, `results`, and each role. `roles` counts the correct mentions
    whose role is right and those where it is wrong: its precision is the accuracy.
    """

    papers: int = 0
    scores: dict[str, Score] = field(default_factory=dict)
    roles: Score = field(default_factory=Score)
    mistakes: list[Mistake] = field(default_factory=list)
    mention_scores: list[float] = field(default_factory=list)
    mention_right: list[bool] = field(default_factory=list)

    @property
    def calibration_error(self) -> float:
        """The expected calibration error of the mentions that have a score."""
        return expected_calibration_error(self.mention_scores, self.mention_right)

    @property
    def curve(self) -> list[Threshold]:
        """What remains at each least score; empty where the model gives none."""
        support = self.scores["mentions"].support
        return curve(self.mention_scores, self.mention_right, support) if self.mention_scores else []

    def worst(self, count: int = _WORST) -> list[MistakeGroup]:
        """The most frequent mistakes."""
        return worst(self.mistakes, count)

    def figures(self) -> dict[str, float]:
        """The main figures by name, to four digits: F1 of what is scored exactly, role accuracy, calibration error."""
        main = ("mentions", *Label, "urls", "abbreviations", "results")
        figures = {f"{name} F1": self.scores[name].f1 for name in main}
        figures |= {"role accuracy": self.roles.precision, "calibration error": self.calibration_error}
        return {name: round(value, 4) for name, value in figures.items()}

    def as_dict(self, mistakes: int = _WORST) -> dict[str, Any]:
        """All of it as JSON takes it, with as many of the worst mistakes."""
        return {
            "papers": self.papers,
            "scores": {name: score.as_dict() for name, score in self.scores.items()},
            "role_accuracy": round(self.roles.precision, 4),
            "calibration": {
                "error": round(self.calibration_error, 4),
                "bins": [asdict(b) for b in bins(self.mention_scores, self.mention_right)],
                "curve": [asdict(threshold) for threshold in self.curve],
            },
            "mistakes": [{"count": len(group.mistakes), **asdict(group.first)} for group in self.worst(mistakes)],
        }


def evaluate(
    papers: Sequence[GoldPaper], *, jobs: int | None = 1, nlp: Language | None = None, seen: Iterable[str] = ()
) -> Report:
    """Scores extraction on annotated papers.

    A mention is right if span and label are exact (`(overlap)`: if the label is and they share a character), an address
    if its canonical form is, an abbreviation if both forms are, a result if method, dataset, metric (in any case) and the
    printed value are. Roles are measured on the correct mentions.

    Args:
        papers: Texts with their annotations.
        jobs: The number of processes that share the work.
        nlp: The pipeline, by default the one that ships with the package.
        seen: Names that the model was trained on.
    """
    report = Report(len(papers), {name: Score() for name in _names()})
    seen_names = {name.casefold() for name in seen}
    extractions = analyse(map(_paper, papers), jobs=jobs, nlp=nlp, on_skip=_refuse)
    for gold, extraction in zip(papers, extractions, strict=True):
        _add_mentions(report, gold, extraction, seen_names)
        _add_roles(report, gold, extraction)
        _add_rest(report.scores, gold, extraction)
    return report


def _refuse(error: KgError) -> None:
    """Scores without a paper would not be those of the file."""
    raise error


def _names() -> Iterator[str]:
    yield from ("mentions", *Label)
    yield from (f"{name} (overlap)" for name in ("mentions", *Label))
    yield from ("seen names", "unseen names", "urls", "url roles", "abbreviations", "results", *Role)


def _paper(gold: GoldPaper) -> Paper:
    """The annotated text as it is, so that offsets hold."""
    title, _, abstract = gold.text.partition("\n")
    return Paper(f"paper:{gold.id}", title, abstract)


def _add_mentions(report: Report, gold: GoldPaper, extraction: Extraction, seen: set[str]) -> None:
    scores, expected, found = report.scores, gold.mentions, extraction.mentions
    scores["mentions"].add(map(place, expected), map(place, found))
    scores["mentions (overlap)"].add_overlapping(expected, found)
    for label in Label:
        of_label = [[m for m in mentions if m.label == label] for mentions in (expected, found)]
        scores[label].add(*(map(place, mentions) for mentions in of_label))
        scores[f"{label} (overlap)"].add_overlapping(*of_label)
    for name, is_seen in (("seen names", True), ("unseen names", False)):
        scores[name].add(
            *([place(m) for m in mentions if (m.text.casefold() in seen) == is_seen] for mentions in (expected, found))
        )
    places = set(map(place, expected))
    for mention in found:
        if mention.score is not None:
            report.mention_scores.append(mention.score)
            report.mention_right.append(place(mention) in places)
    report.mistakes.extend(find_mistakes(gold.id, gold.text, expected, found))


def _add_roles(report: Report, gold: GoldPaper, extraction: Extraction) -> None:
    found = {place(mention): mention.role for mention in extraction.mentions}
    expected = {place(m): m.role for m in gold.mentions if m.role and place(m) in found}
    right = sum(role == found[at] for at, role in expected.items())
    report.roles.papers.append((right, len(expected) - right, 0))
    for role in Role:
        report.scores[role].add(
            [at for at, is_role in expected.items() if is_role == role],
            [at for at in expected if found[at] == role],
        )


def _add_rest(scores: dict[str, Score], gold: GoldPaper, extraction: Extraction) -> None:
    scores["urls"].add({url for url, _ in gold.urls}, {link.url for link in extraction.links})
    scores["url roles"].add(gold.urls, {(link.url, link.role) for link in extraction.links})
    scores["abbreviations"].add(
        {(pair.short, pair.long) for pair in gold.abbreviations}, {(pair.short, pair.long) for pair in extraction.abbreviations}
    )
    scores["results"].add(
        {_folded(r.method, r.dataset, r.metric, r.value) for r in gold.results},
        {_folded(r.method, r.dataset, r.metric, r.value) for r in extraction.results},
    )


def _folded(*names: str | None) -> tuple[str | None, ...]:
    return tuple(name and name.casefold() for name in names)

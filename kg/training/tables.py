"""A report as tables for the terminal."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from kg.schema import Mention, Role
from kg.training.evaluate import Report
from kg.training.mistakes import MistakeGroup
from kg.training.score import Score


def report_tables(report: Report, name: str, mistakes: int) -> Group:
    """The scores, what a least score costs and gives, and as many of the worst mistakes."""
    parts = [_scores(report, name)]
    if report.curve:
        parts.append(_curve(report))
    if mistakes:
        parts.append(_mistakes(report.worst(mistakes)))
    return Group(*parts)


def _scores(report: Report, name: str) -> Table:
    table = Table(title=f"{name}: {report.papers} papers", caption="95 %: of F1, papers drawn anew 1,000 times")
    for column in ("", "precision", "recall", "F1", "95 %", "support"):
        table.add_column(column, justify="right" if column else "left")
    for row, score in report.scores.items():
        if score.support:
            label = f"role {row}" if row in set(Role) else row
            table.add_row(label, *(f"{x:.3f}" for x in (score.precision, score.recall, score.f1)), *_rest(score))
    if report.roles.support or report.roles.wrong:
        accuracy = f"{report.roles.precision:.3f}"
        table.add_row("role accuracy", accuracy, "", "", "", str(report.roles.right + report.roles.wrong))
    return table


def _rest(score: Score) -> tuple[str, str]:
    low, high = score.interval()
    return f"{low:.3f}–{high:.3f}", str(score.support)


def _curve(report: Report) -> Table:
    table = Table(title=f"--min-score (expected calibration error {report.calibration_error:.3f})")
    for column in ("least score", "precision", "recall", "F1"):
        table.add_column(column, justify="right")
    for threshold in report.curve:
        figures = (threshold.precision, threshold.recall, threshold.f1)
        table.add_row(f"{threshold.score:.1f}", *(f"{figure:.3f}" for figure in figures))
    return table


def _mistakes(groups: list[MistakeGroup]) -> Table:
    table = Table(title="worst mistakes")
    table.add_column("times", justify="right")
    for column in ("mistake", "gold", "found", "for example"):
        table.add_column(column, overflow="fold")
    for group in groups:
        first = group.first
        # As text: brackets in names are no markup.
        cells = (_mention(first.gold), _mention(first.found), first.context)
        table.add_row(str(len(group.mistakes)), str(first.kind), *map(Text, cells))
    return table


def _mention(mention: Mention | None) -> str:
    return f"{mention.text} {mention.label}" if mention else ""

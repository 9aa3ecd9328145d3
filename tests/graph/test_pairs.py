"""Merging, measured on pairs of names that a person labelled: same, different, or one a version or size of the other.

What papers define as abbreviations is as the corpus has it (`definitions.csv`). Figures: `pytest -s tests/graph/test_pairs.py`.
"""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import networkx as nx
import pytest

from kg.graph.known import Known, read_known
from kg.graph.names import fold
from kg.graph.resolve import Resolver
from kg.papers import make_paper
from kg.schema import Abbreviation, Extraction, Label, Mention

FOLDER = Path(__file__).parent


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PAIRS = [(Label(row["kind"].upper()), row["one"], row["other"], row["relation"]) for row in rows("pairs.csv")]


def collection():
    """Papers that name what the pairs name, and papers that define abbreviations as the corpus does."""
    named = [(label, (name,), ()) for label, one, other, _ in PAIRS for name in (one, other)]
    labels = defaultdict(set)
    for label, names, _ in named:
        labels[fold(names[0])].add(label)
    for row in rows("definitions.csv"):
        pair = row["short"], row["long"]
        for label in sorted(set().union(*(labels[fold(name)] for name in pair))):
            named += [(label, pair, (Abbreviation(*pair),))] * int(row["papers"])
    return [
        Extraction(make_paper(f"Paper {number}"), tuple(Mention(name, label, 0, 1) for name in names), pairs)
        for number, (label, names, pairs) in enumerate(named)
    ]


def judge(known):
    """What the resolver says of each pair, and B-cubed F1 of its entities (Bagga and Baldwin 1998)."""
    resolver = Resolver(collection(), known)
    of = {entity.key: entity.variant_of for entity in resolver.entities()}
    said = []
    for label, one, other, _ in PAIRS:
        (mine,), (theirs,) = (resolver.find(label, name) for name in (one, other))
        bases = set()
        base = of[mine]
        while base and base not in bases:
            bases.add(base)
            base = of[base]
        said.append("same" if mine == theirs else "variant" if theirs in bases else "different")
    return said, b_cubed({(label, name): resolver.find(label, name)[0] for label, *names, _ in PAIRS for name in names})


def b_cubed(entity):
    """Over the names of the pairs; those labelled the same, directly or through others, are one."""
    gold = nx.Graph()
    gold.add_nodes_from(entity)
    gold.add_edges_from(((label, one), (label, other)) for label, one, other, relation in PAIRS if relation == "same")
    together = defaultdict(set)
    for name, key in entity.items():
        together[key].add(name)
    shares = [
        (len(together[entity[name]] & same) / len(together[entity[name]]), len(together[entity[name]] & same) / len(same))
        for same in nx.connected_components(gold)
        for name in same
    ]
    precision, recall = (sum(share) / len(shares) for share in zip(*shares, strict=True))
    return 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize(
    ("known", "recall", "variants"), [(read_known(), 0.9, 0.8), (Known(), 0.5, 0.8)], ids=["with the list", "without"]
)
def test_names_are_merged_as_a_person_would(known, recall, variants):
    said, agreement = judge(known)
    counts = Counter(zip((relation for *_, relation in PAIRS), said, strict=True))
    merged = sum(count for (_, verdict), count in counts.items() if verdict == "same")
    found = {relation: counts[relation, relation] / sum(c for (r, _), c in counts.items() if r == relation) for relation in
             ("same", "variant")}  # fmt: skip
    precision = counts["same", "same"] / merged
    print(f"\n{len(PAIRS)} pairs: precision {precision:.3f}, recall {found['same']:.3f}, "
          f"variants found {found['variant']:.3f}, B-cubed F1 {agreement:.3f}")  # fmt: skip
    assert precision >= 0.98
    assert found["same"] >= recall
    assert found["variant"] >= variants

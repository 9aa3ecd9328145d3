"""Builds the graph of the bundled papers and asks it a few questions in Python.

Run from anywhere, with the package installed: python examples/explore.py
"""

from pathlib import Path

import kg
from kg.graph.queries import built_on, most_used, reported_values, shortest_path

graph = kg.build(kg.read(Path(__file__).with_name("papers.jsonl")))


def label(node: str) -> str:
    """What a node is called."""
    return graph.nodes[node]["label"]


print("Most used datasets")
for one in most_used(graph, "dataset", 5):
    print(f"  {label(one.node)}: {one.weight} papers")

print("What was built on the Transformer")
for one in built_on(graph, "method:transformer"):
    print(f"  {label(one.node)} ({one.weight} papers)")

print("Top-1 accuracies on ImageNet, the best first")
for value in reported_values(graph, "dataset:imagenet", "metric:top-1-accuracy"):
    print(f"  {value.value}: {label(value.method) if value.method else 'a method without a name'}, {label(value.paper)}")

print("From U-Net to BERT")
for step in shortest_path(graph, "method:u-net", "method:bert"):
    print(f"  {label(step.source)} {step.relation} {label(step.target)} ({len(step.papers)} papers)")

print("Where U-Net is said to be proposed")
for paper, _, edge in graph.in_edges("method:u-net", data=True):
    if edge["relation"] == "proposes":
        data = graph.nodes[paper]
        place = edge["evidence"][0]
        text = f"{data['label']}\n{data['abstract']}"
        print(f"  “{text[max(0, place['start'] - 40) : place['end'] + 40]}…”")

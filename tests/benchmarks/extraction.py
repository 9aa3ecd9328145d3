"""How fast abstracts are read on one core, beside others on the same texts in the same run.

Run by hand: python tests/benchmarks/extraction.py SOURCE (default: the bundled example, eight times over)
"""

import sys
import time
from dataclasses import replace

import spacy
import torch

import kg
from kg.nlp import analyse, load
from kg.sources import example

_REPEATS = 3
# A network of BERT-base's size (Devlin et al. 2019) reads few texts a second.
_BERT_TEXTS = 24
_BERT_VOCABULARY, _BERT_WIDTH, _BERT_HEADS, _BERT_LAYERS = 30_522, 768, 12, 12
# Its word pieces outnumber spaCy's tokens by about this.
_PIECES_A_TOKEN = 1.25


def seconds(work) -> float:
    """The shortest of a few runs: the one that the rest of the machine disturbed least."""
    times = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def bert_seconds(lengths) -> float:
    """Seconds a text of an encoder of BERT-base's size with random weights, one text at a time."""
    layer = torch.nn.TransformerEncoderLayer(_BERT_WIDTH, _BERT_HEADS, 4 * _BERT_WIDTH, batch_first=True)
    encoder = torch.nn.TransformerEncoder(layer, _BERT_LAYERS).eval()
    embedding = torch.nn.Embedding(_BERT_VOCABULARY, _BERT_WIDTH)
    texts = [torch.randint(_BERT_VOCABULARY, (1, min(int(length * _PIECES_A_TOKEN), 512))) for length in lengths[:_BERT_TEXTS]]
    with torch.inference_mode():
        return seconds(lambda: [encoder(embedding(text)) for text in texts]) / len(texts)


def main() -> None:
    torch.set_num_threads(1)
    papers = list(kg.read(sys.argv[1] if len(sys.argv) > 1 else example.path()))
    if len(sys.argv) == 1:
        papers = [replace(paper, id=f"{paper.id}-{number}") for number in range(8) for paper in papers]
    load()
    tokenizer = spacy.blank("en")
    docs = [tokenizer.make_doc(paper.text) for paper in papers]
    tokenizing = seconds(lambda: [tokenizer.make_doc(paper.text) for paper in papers]) / len(papers)
    extracting = seconds(lambda: list(analyse(papers))) / len(papers)
    bert = bert_seconds([len(doc) for doc in docs])
    print(f"{len(papers)} papers of {sum(map(len, docs)) / len(docs):.0f} tokens, one core")
    print(f"{'':34}papers/s  × spaCy's tokenizer  × BERT-base's size")
    for name, time_a_paper in (
        ("spaCy's tokenizer", tokenizing),
        ("kg.extract", extracting),
        ("BERT-base's size, encoder", bert),
    ):
        print(f"{name:34}{1 / time_a_paper:8.1f}  {time_a_paper / tokenizing:19.1f}  {time_a_paper / bert:18.4f}")


if __name__ == "__main__":
    main()

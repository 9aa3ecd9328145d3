"""How fast abstracts are read on one core, beside others on the same texts in the same run."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec

import spacy

import kg
from kg.nlp import analyse, load
from tests.benchmarks.table import Row, seconds

# A network of BERT-base's size (Devlin et al. 2019) reads few texts a second.
_BERT_TEXTS = 24
_BERT_VOCABULARY, _BERT_WIDTH, _BERT_HEADS, _BERT_LAYERS = 30_522, 768, 12, 12
# Its word pieces outnumber spaCy's tokens by about this.
_PIECES_A_TOKEN = 1.25


def rows(papers: Sequence[kg.Paper]) -> Iterator[Row]:
    """Extraction beside spaCy's bare tokenizer, and beside an encoder of BERT-base's size with random weights."""
    load()
    tokenizer = spacy.blank("en")
    lengths = [len(tokenizer.make_doc(paper.text)) for paper in papers]
    extracting = seconds(lambda: list(analyse(papers)))
    tokenizing = seconds(lambda: [tokenizer.make_doc(paper.text) for paper in papers])
    ours = f"kg.extract, {len(papers):,} papers"
    yield Row(ours, extracting, "spaCy's tokenizer alone", tokenizing)
    if find_spec("torch"):
        yield Row(ours, extracting, "an encoder of BERT-base's size", bert_seconds(lengths) * len(papers))
    else:
        yield Row(ours, extracting, "an encoder of BERT-base's size", None, "needs the extra `train`")


def bert_seconds(lengths: Sequence[int]) -> float:
    """Seconds a text of an encoder of BERT-base's size with random weights, one text at a time."""
    import torch

    torch.set_num_threads(1)
    layer = torch.nn.TransformerEncoderLayer(_BERT_WIDTH, _BERT_HEADS, 4 * _BERT_WIDTH, batch_first=True)
    encoder = torch.nn.TransformerEncoder(layer, _BERT_LAYERS).eval()
    embedding = torch.nn.Embedding(_BERT_VOCABULARY, _BERT_WIDTH)
    texts = [torch.randint(_BERT_VOCABULARY, (1, min(int(length * _PIECES_A_TOKEN), 512))) for length in lengths[:_BERT_TEXTS]]
    with torch.inference_mode():
        return seconds(lambda: [encoder(embedding(text)) for text in texts], repeats=2) / len(texts)

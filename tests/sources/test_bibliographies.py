"""BibTeX and RIS, through `kg.read`."""

import time

import pytest

import kg
from kg.errors import KgError

BIBTEX = r"""% exported by hand
@string{neurips = "Advances in Neural Information Processing Systems"}

@InProceedings{vaswani17,
  author    = {Vaswani, Ashish and Noam Shazeer and {\L}ukasz Kaiser and others},
  title     = "Attention Is {All} You Need",
  booktitle = neurips,
  year      = 2017,
  month     = jun,
  eprint    = {1706.03762v5},
  archivePrefix = {arXiv},
  pages     = {5998--6008},
  abstract  = {We build a model of attention alone. It is 10% faster, needs
               no recurrence \& reaches $O(n^2)$.},
  url       = {https://arxiv.org/abs/1706.03762},
}

@article{hochreiter97,
  author = {Hochreiter, Sepp and Schmidhuber, J{\"u}rgen},
  title  = {{Long Short-Term Memory}},
  journal = {Neural Computation}, date = {1997-11}, doi = {10.1162/NECO.1997.9.8.1735},
  url = {https://example.org/~ab/x--y_z%20.pdf}
}
"""

RIS = """TY  - CONF
AU  - Devlin, Jacob
AU  - Chang, Ming-Wei
TI  - BERT: Pre-training of Deep Bidirectional Transformers
T2  - NAACL
PY  - 2019
DA  - 2019/06//
AB  - We pre-train a bidirectional encoder
on plain text.
KW  - language model
DO  - 10.18653/v1/N19-1423
UR  - https://aclanthology.org/N19-1423
ER  -

TY  - JOUR
T1  - Long Short-Term Memory
A1  - Hochreiter, Sepp
Y1  - 1997/11/15/
N2  - A memory cell keeps the error flowing.
JO  - Neural Computation
"""


def read(path, text):
    path.write_text(text, encoding="utf-8")
    skipped: list[KgError] = []
    papers = list(kg.read(path, on_skip=skipped.append))
    return papers, [str(error).replace(str(path), "FILE") for error in skipped]


def test_bibtex(tmp_path):
    (attention, memory), skipped = read(tmp_path / "a.bib", BIBTEX)
    assert not skipped
    assert (attention.id, attention.published, attention.source) == ("arxiv:1706.03762", "2017-06", "a.bib:4")
    assert attention.title == "Attention Is All You Need"
    assert attention.authors == ("Ashish Vaswani", "Noam Shazeer", "Łukasz Kaiser")
    assert attention.venue == "Advances in Neural Information Processing Systems"
    assert attention.abstract.endswith("It is 10% faster, needs no recurrence & reaches $O(n^2)$.")
    assert attention.extra["pages"] == "5998–6008"
    assert (memory.id, memory.published, memory.venue) == ("doi:10.1162/neco.1997.9.8.1735", "1997-11", "Neural Computation")
    assert memory.authors == ("Sepp Hochreiter", "Jürgen Schmidhuber")
    assert [link.url for link in memory.links] == ["https://example.org/~ab/x--y_z%20.pdf"]


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"M{\"u}ller \'Etude S{\o}ren \c{c} {\ss}", "Müller Étude Søren ç ß"),
        (r"``quoted'' -- and~so", "“quoted” – and so"),
        (r"\textsc{Bert}: \emph{deep}", "Bert: deep"),
        (r"a 50\% gain of 5% \url{https://a.org/b_c}", "a 50% gain of 5% https://a.org/b_c"),
        (r"$\alpha$-GAN", r"$\alpha$-GAN"),
        ("Größe", "Größe"),
    ],
)
def test_latex_is_read_as_it_prints(tmp_path, latex, text):
    papers, _ = read(tmp_path / "a.bib", f"@misc{{a, title = {{{latex}}}}}")
    assert papers[0].title == text


def test_entries_behind_a_broken_one_are_read(tmp_path):
    text = "@article{a, title = {Open, year = 2018\n@article{b, title = {B}}\n@article{c, year = 2000}\n@article{d, title = {D"
    papers, skipped = read(tmp_path / "a.bib", text)
    assert [paper.title for paper in papers] == ["B"]
    assert [error.split(" (")[0][:18] for error in skipped] == ["FILE:1: not BibTeX", "FILE:3: no title", "FILE:4: not BibTeX"]


def test_keys_and_fields_given_twice_are_kept(tmp_path):
    text = "@misc{a, title={A}, title={Other}}\n@misc{a, title={B}}\n@comment{x}"
    papers, skipped = read(tmp_path / "a.bib", text)
    assert [paper.title for paper in papers] == ["A", "B"]
    assert not skipped


def test_a_table_with_entries_in_its_cells_is_a_table(tmp_path):
    papers, _ = read(tmp_path / "a.csv", 'title,bibtex\nA,"\n@misc{a, title={B}}"\n')
    assert [paper.title for paper in papers] == ["A"]


def test_ris(tmp_path):
    (bert, memory), skipped = read(tmp_path / "a.ris", RIS)
    assert not skipped
    assert (bert.id, bert.published, bert.venue) == ("doi:10.18653/v1/n19-1423", "2019-06", "NAACL")
    assert bert.abstract == "We pre-train a bidirectional encoder on plain text."
    assert bert.authors == ("Jacob Devlin", "Ming-Wei Chang")
    assert bert.extra["keywords"] == ["language model"]
    assert [link.url for link in bert.links] == ["https://aclanthology.org/N19-1423"]
    assert (memory.title, memory.published, memory.source) == ("Long Short-Term Memory", "1997-11-15", "a.ris:15")
    assert memory.abstract == "A memory cell keeps the error flowing."


def test_a_record_without_title_is_reported(tmp_path):
    papers, skipped = read(tmp_path / "a.ris", "TY  - JOUR\nAU  - A\nER  - \nTY  - JOUR\nTI  - B\nER  - \n")
    assert [paper.title for paper in papers] == ["B"]
    assert skipped[0].startswith("FILE:1: no title")


def test_large_bibliographies_take_seconds(tmp_path):
    started = time.monotonic()
    papers, _ = read(tmp_path / "a.bib", BIBTEX * 500)
    assert len(papers) == 1000
    assert time.monotonic() - started < 30

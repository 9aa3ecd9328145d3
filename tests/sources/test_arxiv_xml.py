"""arXiv's Atom and OAI-PMH, through `kg.read`."""

import pytest

import kg
from kg.errors import KgError

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
  <title type="html">ArXiv Query: search_query=all:attention</title>
  <id>http://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <opensearch:totalResults>1</opensearch:totalResults>
  <entry>
    <id>http://arxiv.org/abs/1706.03762v5</id>
    <updated>2017-12-06T03:30:32Z</updated>
    <published>2017-06-12T17:57:34Z</published>
    <title>Attention Is All
  You Need</title>
    <summary>  We build a model of attention alone,
so that A &lt; B &amp; C.
</summary>
    <author><name>Ashish Vaswani</name></author>
    <author><name>Łukasz Kaiser</name></author>
    <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">15 pages</arxiv:comment>
    <arxiv:journal_ref xmlns:arxiv="http://arxiv.org/schemas/atom">NIPS 2017</arxiv:journal_ref>
    <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1000/X</arxiv:doi>
    <link href="http://arxiv.org/pdf/1706.03762v5" rel="related" type="application/pdf"/>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
</feed>
"""

OAI = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2024-01-01T00:00:00Z</responseDate>
<ListRecords>
<record>
<header><identifier>oai:arXiv.org:1412.6980</identifier><datestamp>2017-01-31</datestamp><setSpec>cs</setSpec></header>
<metadata>
 <arXiv xmlns="http://arxiv.org/OAI/arXiv/">
 <id>1412.6980</id><created>2014-12-22</created><updated>2017-01-30</updated>
 <authors><author><keyname>Kingma</keyname><forenames>Diederik P.</forenames></author>
 <author><keyname>Ba</keyname><forenames>Jimmy</forenames><suffix>Jr</suffix></author></authors>
 <title>Adam: A Method for Stochastic Optimization</title><categories>cs.LG stat.ML</categories>
 <comments>a poster</comments><abstract>  We adapt the step size.
</abstract></arXiv>
</metadata>
</record>
<record>
<header status="deleted"><identifier>oai:arXiv.org:0000.0000</identifier></header>
</record>
<record>
<header><identifier>oai:arXiv.org:1412.6980</identifier></header>
<metadata>
 <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">
 <id>1412.6980</id><submitter>D. Kingma</submitter>
 <version version="v1"><date>Mon, 22 Dec 2014 13:54:29 GMT</date></version>
 <title>Adam</title><authors>Diederik P. Kingma, Jimmy Ba</authors><categories>cs.LG</categories><abstract>We.</abstract>
 </arXivRaw>
</metadata>
</record>
<record>
<header><identifier>oai:arXiv.org:1412.6980</identifier></header>
<metadata>
 <oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <dc:title>Adam</dc:title><dc:creator>Kingma, Diederik P.</dc:creator><dc:creator>Ba, Jimmy</dc:creator>
 <dc:creator>King, Martin, Jr.</dc:creator>
 <dc:subject>Machine Learning</dc:subject><dc:description>We adapt.</dc:description>
 <dc:description>Comment: a poster</dc:description><dc:date>2017-01-30</dc:date><dc:date>2014-12-22</dc:date>
 <dc:identifier>http://arxiv.org/abs/1412.6980</dc:identifier>
 </oai_dc:dc>
</metadata>
</record>
<resumptionToken>1|1001</resumptionToken>
</ListRecords>
</OAI-PMH>
"""


def read(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    skipped: list[KgError] = []
    papers = list(kg.read(path, on_skip=skipped.append))
    return papers, [str(error).replace(str(path), "FILE") for error in skipped]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_atom(tmp_path, encoding):
    (paper,), skipped = read(tmp_path / "a.xml", ATOM.replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding))
    assert not skipped
    assert (paper.id, paper.title, paper.published) == ("arxiv:1706.03762", "Attention Is All You Need", "2017-06-12")
    assert paper.abstract == "We build a model of attention alone, so that A < B & C."
    assert paper.authors == ("Ashish Vaswani", "Łukasz Kaiser")
    assert (paper.venue, paper.source) == ("NIPS 2017", "a.xml:6")
    assert paper.extra == {"doi": "10.1000/x", "comment": "15 pages", "categories": ["cs.CL"]}


def test_oai_in_its_three_forms(tmp_path):
    papers, skipped = read(tmp_path / "a.xml", OAI)
    assert [paper.id for paper in papers] == ["arxiv:1412.6980"] * 3
    assert [paper.published for paper in papers] == ["2014-12-22"] * 3
    assert [paper.abstract for paper in papers] == ["We adapt the step size.", "We.", "We adapt."]
    assert papers[0].authors == ("Diederik P. Kingma", "Jimmy Ba Jr")
    assert papers[1].authors == ("Diederik P. Kingma", "Jimmy Ba")
    assert papers[2].authors == ("Diederik P. Kingma", "Jimmy Ba", "Martin King Jr.")
    assert [paper.source for paper in papers] == ["a.xml:5", "a.xml:20", "a.xml:30"]
    assert skipped == ["FILE:17: oai:arXiv.org:0000.0000 was deleted (nothing to do: its source withdrew it)"]


def test_answers_that_are_errors_say_so(tmp_path):
    error = '<OAI-PMH><error code="noRecordsMatch">nothing new</error></OAI-PMH>'
    assert "the server answered noRecordsMatch: nothing new" in read(tmp_path / "a.xml", error)[1][0]
    entry = "<feed><entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>bad id</summary></entry></feed>"
    assert "arXiv answered: bad id" in read(tmp_path / "a.xml", entry)[1][0]


def test_a_cut_off_answer_gives_what_was_whole(tmp_path):
    papers, skipped = read(tmp_path / "a.xml", OAI[:-300])
    assert len(papers) == 2
    assert "not XML" in skipped[0] or "not XML" in skipped[-1]


def test_entities_are_not_expanded_and_nothing_is_fetched(tmp_path):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    outside = f'<!ENTITY i SYSTEM "{(tmp_path / "secret").as_uri()}">'
    for entities in (laughs, outside):
        body = "<feed><entry><title>&i;</title></entry></feed>"
        papers, skipped = read(tmp_path / "a.xml", f'<?xml version="1.0"?>\n<!DOCTYPE feed [{entities}]>\n{body}')
        assert not papers
        assert "refused: EntitiesForbidden" in skipped[0]


def test_an_element_without_end_is_refused(tmp_path):
    papers, skipped = read(tmp_path / "a.xml", "<feed><entry><title>" + "x" * 20_000_000)
    assert not papers
    assert "more than 16,777,216 bytes without a record" in skipped[0]


@pytest.mark.parametrize("text", ['<?xml version="1.0" encoding="klingon"?><feed/>', "<feed>" + "<a>" * 100_000])
def test_odd_documents_are_one_line(tmp_path, text):
    papers, skipped = read(tmp_path / "a.xml", text)
    assert not papers
    assert len(skipped) == 1

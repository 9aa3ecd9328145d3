"""What makes a paper: its clean text, its identifier, and when two records are one paper."""

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

from dateutil import parser as dateutil

from kg.schema import SCHEMES, Link, Paper

# What XML 1.0 (section 2.2) forbids, lone surrogates among it.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# New and old identifiers (https://info.arxiv.org/help/arxiv_identifier.html), alone or behind what marks them.
_ARCHIVES = (
    "astro-ph|cond-mat|cs|gr-qc|hep-(?:ex|lat|ph|th)|math(?:-ph)?|nlin|nucl-(?:ex|th)|physics|q-(?:bio|fin)|quant-ph|stat"
)
_ARXIV = re.compile(
    rf"(?:^|arxiv[:.]|arxiv\.org/(?:abs|pdf|html)/)(\d{{4}}\.\d{{4,5}}|(?:{_ARCHIVES})(?:\.[a-z]{{2}})?/\d{{7}})(?:v\d+)?(?!\d)",
    re.IGNORECASE,
)
_DATE_CHARS = 100  # dateutil takes its time, or fails, over long rows of digits
_SLUG_CHARS = 200  # no real title or name is longer; addresses and file names stay usable
_DOI = re.compile(r"\b(10\.\d{4,9}/\S+)")
# What a source ends in.
_LINE = re.compile(r":\d+$")


def clean(text: str) -> str:
    """Replaces each character that XML forbids by U+FFFD, one for one, so that offsets hold.

    >>> clean("a\\x00b")
    'a\\ufffdb'
    """
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def slug(name: str) -> str:
    """The NFKC-casefolded name with runs of anything but letters and digits as one hyphen.

    >>> slug("Long Short-Term Memory")
    'long-short-term-memory'
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "-".join("".join(c if c.isalnum() else " " for c in folded).split())[:_SLUG_CHARS].rstrip("-")


def short_hash(text: str, digits: int = 8) -> str:
    """The first hex digits of the SHA-256 of a text's UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def source_file(source: str) -> str:
    """The file, or the question to a service, of a paper's `source`, which ends in a line, or in the number of an answer.

    >>> source_file("papers.jsonl:12"), source_file("openalex:filter=publication_year:2024:17")
    ('papers.jsonl', 'openalex:filter=publication_year:2024')
    """
    return _LINE.sub("", source)


def normalized_title(title: str) -> str:
    """A title's letters and digits, lower case: what papers without an identifier are told apart by."""
    return "".join(c for c in title.lower() if c.isalnum())


def arxiv_id(text: str) -> str | None:
    """The arXiv identifier in an id or an address, without its version.

    >>> arxiv_id("https://arxiv.org/abs/1706.03762v5"), arxiv_id("hep-th/9901001"), arxiv_id("BERT")
    ('1706.03762', 'hep-th/9901001', None)
    """
    found = _ARXIV.search(text.strip())
    return found[1] if found else None


def doi(text: str) -> str | None:
    """The DOI in an id or an address, lower case.

    >>> doi("https://doi.org/10.1162/NECO.1997.9.8.1735")
    '10.1162/neco.1997.9.8.1735'
    """
    found = _DOI.search(text)
    return found[1].rstrip(".,;").lower() if found else None


def partial_date(text: str) -> str | None:
    """An ISO 8601 date of the precision that a text gives, or None where it gives no year.

    >>> partial_date("Jul 9, 2020"), partial_date("June 2017"), partial_date("1997"), partial_date("soon")
    ('2020-07-09', '2017-06', '1997', None)
    """
    if len(text) > _DATE_CHARS:
        return None
    text = re.sub(r"^(\d{4})\.0$", r"\1", text)  # as tables of numbers print a year
    try:
        # What the text leaves open differs between two readings with different defaults.
        one = dateutil.parse(text, default=datetime(1, 1, 1), ignoretz=True)
        two = dateutil.parse(text, default=datetime(4, 2, 2), ignoretz=True)
    except (ValueError, ArithmeticError):
        return None
    if one.year != two.year:
        return None
    if one.month != two.month:
        return f"{one.year:04}"
    if one.day != two.day:
        return f"{one.year:04}-{one.month:02}"
    return one.date().isoformat()


def identify(title: str, *, arxiv: str | None = None, doi: str | None = None) -> str:
    """The strongest identifier at hand.

    >>> identify("Attention Is All You Need", arxiv="1706.03762")
    'arxiv:1706.03762'
    >>> identify("Attention Is All You Need")
    'paper:attention-is-all-you-need-5563e10c'
    """
    if arxiv:
        return f"arxiv:{arxiv}"
    if doi:
        return f"doi:{doi}"
    # A title without a single letter or digit is hashed as it is: two such are not one paper.
    name = "-".join(filter(None, [slug(title), short_hash(normalized_title(title) or title)]))
    return f"paper:{name}"


def make_paper(
    title: str,
    abstract: str = "",
    *,
    arxiv: str | None = None,
    doi: str | None = None,
    authors: Iterable[str] = (),
    published: str | None = None,
    venue: str | None = None,
    organization: str | None = None,
    upvotes: int | None = None,
    links: Iterable[Link] = (),
    source: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Paper:
    """Makes a paper of what a source gives: texts cleaned, the id found.

    >>> make_paper("Adam", "We introduce Adam.", arxiv="1412.6980").id
    'arxiv:1412.6980'
    """
    title = clean(title)
    kept = {"doi": doi} if doi and arxiv else {}
    return Paper(
        id=identify(title, arxiv=arxiv, doi=doi),
        title=title,
        abstract=clean(abstract),
        authors=tuple(clean(author) for author in authors),
        published=published,
        venue=clean(venue) if venue else None,
        organization=clean(organization) if organization else None,
        upvotes=upvotes,
        links=tuple(links),
        source=clean(source) if source else None,
        extra={**(extra or {}), **kept},
    )


def merge(papers: Sequence[Paper]) -> Paper:
    """One paper of several records of it, the same whatever their order.

    Title and abstract come from the record with the longest abstract; what it lacks, from the others.
    The id is the strongest among them: an arXiv identifier, else a DOI, else that of the title.
    """
    ranked = sorted(papers, key=_rank)
    best = ranked[0]
    if len(ranked) == 1:
        return best
    links = {(link.url, link.role): link for paper in ranked for link in paper.links}
    ids = sorted({paper.id for paper in ranked}, key=lambda id: (SCHEMES.index(id.partition(":")[0]), id))
    # A DOI that does not become the id is kept as `make_paper` keeps it; what is none gives way to one.
    dois = [found for paper in ranked if (found := kept_doi(paper.extra))]
    dois += [id.removeprefix("doi:") for id in ids[1:] if id.startswith("doi:")]
    return replace(
        best,
        id=ids[0],
        authors=next((paper.authors for paper in ranked if paper.authors), ()),
        published=max((paper.published for paper in ranked if paper.published), key=len, default=None),
        venue=next((paper.venue for paper in ranked if paper.venue), None),
        organization=next((paper.organization for paper in ranked if paper.organization), None),
        upvotes=max((paper.upvotes for paper in ranked if paper.upvotes is not None), default=None),
        links=tuple(links[key] for key in sorted(links)),
        extra={key: value for paper in reversed(ranked) for key, value in paper.extra.items()}
        | ({"doi": dois[0]} if dois else {}),
    )


def collect(papers: Iterable[Paper]) -> list[Paper]:
    """The distinct papers, in the order first met, each merged from all its records (see `group`).

    >>> [paper.id for paper in collect([make_paper("Adam"), make_paper("ADAM!"), make_paper("Adam", arxiv="1412.6980")])]
    ['arxiv:1412.6980']
    """
    return [merge(records) for records in group(list(papers))]


def group(papers: Sequence[Paper]) -> list[list[Paper]]:
    """The records of each distinct paper, in the order first met.

    Records are one paper if they share an identifier, or a title (see `normalized_title`) unless
    identifiers of one scheme contradict it: two arXiv papers of one title stay two.
    """
    import networkx as nx  # slow to load, and not needed by those who only read names

    by_identifier = nx.Graph()
    for number, paper in enumerate(papers):
        by_identifier.add_edges_from((number, identifier) for identifier in identifiers(paper))
    components = [sorted(node for node in found if isinstance(node, int)) for found in nx.connected_components(by_identifier)]
    by_title: dict[str, list[list[int]]] = defaultdict(list)
    for numbers in components:
        by_title[title_key(merge([papers[number] for number in numbers]))].append(numbers)
    groups = [numbers for found in by_title.values() for numbers in _agreeing(papers, found)]
    return [[papers[number] for number in numbers] for numbers in sorted(groups)]


def identifiers(paper: Paper) -> set[str]:
    """What a paper is known by: its id, and its DOI where that is another."""
    digital_object = kept_doi(paper.extra)
    return {paper.id, f"doi:{digital_object}"} if digital_object else {paper.id}


def kept_doi(extra: Mapping[str, Any]) -> str | None:
    """The DOI among what a paper keeps, if what its source calls so is one.

    >>> kept_doi({"doi": "10.1000/x"}), kept_doi({"doi": "N/A"})
    ('10.1000/x', None)
    """
    found = extra.get("doi")
    return doi(found) if isinstance(found, str) else None


def title_key(paper: Paper) -> str:
    """What papers of one title have in common."""
    return normalized_title(paper.title) or paper.title


def contradicting(known_by: Iterable[Iterable[str]]) -> bool:
    """Whether several things of one title can't be one paper, by the identifiers of each: two arXiv papers, or two DOIs.

    >>> contradicting([{"arxiv:1412.6980", "doi:10.1/a"}, {"arxiv:2001.00001"}])
    True
    >>> contradicting([{"arxiv:1412.6980", "doi:10.1/a", "doi:10.2/b"}, {"paper:adam"}])
    False
    """
    schemes = Counter(scheme for found in known_by for scheme in {identifier.partition(":")[0] for identifier in found})
    return any(schemes[scheme] > 1 for scheme in ("arxiv", "doi"))


def _agreeing(papers: Sequence[Paper], found: list[list[int]]) -> list[list[int]]:
    """Records of one title: all together, or as they were where their identifiers contradict each other."""
    known_by = [set().union(*(identifiers(papers[number]) for number in numbers)) for numbers in found]
    return found if contradicting(known_by) else [sorted(chain(*found))]


def _rank(paper: Paper) -> tuple[Any, ...]:
    return (-len(paper.abstract), paper.abstract, paper.title, paper.id, paper.source or "", repr(paper))

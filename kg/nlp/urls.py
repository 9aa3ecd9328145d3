"""Web addresses in running text: found, freed of LaTeX, and given a role."""

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc
from tldextract import TLDExtract

from kg.nlp.texts import text_of
from kg.schema import Link, LinkRole

# A line break may have left one space behind the scheme or the host.
_WITH_SCHEME = r"https?\s?:\s?//\s?(?:[\w.-]+/\s(?=[\w.-]+/))?[^\s<>\"|]+"
_BARE = r"(?<![\w@/.\-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,10}(?![\w@-])(?:/[^\s<>\"|]*)?"
_ADDRESS = re.compile(f"(?:{_WITH_SCHEME})|(?:{_BARE})", re.IGNORECASE)
_DOUBLED = re.compile(r"\}?\{(?:https?:|\\url)|\}\{|\]\(|\[\d+\]", re.IGNORECASE)
# Each with what it stands for.
_LATEX = (
    (re.compile(r"\\textunderscore(?:\{\})?"), "_"),
    (re.compile(r"\\text(?:ascii)?tilde(?:\{\})?|\\~(?:\{\})?|\$?\\sim\$?"), "~"),
    (re.compile(r"\\([_#%&^$-])"), r"\1"),
    (re.compile(r"[{}\s]"), ""),
)
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}
_WORDS = {"am", "as", "at", "be", "by", "do", "in", "is", "it", "me", "my", "no", "one", "so", "to", "us"}
_TRAILING = ".,;:!?'`*\\’”"

# The suffix list that the package ships; it is never updated over the network.
_suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None)

_HOSTS = (
    (re.compile(r"huggingface\.co/datasets|kaggle\.com|zenodo\.org|figshare|dataverse", re.I), LinkRole.DATA),
    (re.compile(r"github\.io|sites\.google\.com|huggingface\.co/spaces|youtu", re.I), LinkRole.PROJECT),
    (re.compile(r"github\.com|gitlab\.|bitbucket\.org|anonymous\.4open\.science|codeocean|gitee", re.I), LinkRole.CODE),
    (re.compile(r"huggingface\.co/|modelscope", re.I), LinkRole.MODEL),
)
_CUES = (
    (
        re.compile(
            r"\b(?:source )?code[sd]?(?:base)?s?\b|implementation|\brepo(?:sitor)?|toolkit|toolbox|library|scripts?\b", re.I
        ),
        LinkRole.CODE,
    ),
    (re.compile(r"project|web\s?(?:page|site)|demo|\bpage|videos?\b|results|visuali|examples|samples", re.I), LinkRole.PROJECT),
    (re.compile(r"\bdata(?:sets?)?\b|\bcorp(?:us|ora)|benchmark|annotations", re.I), LinkRole.DATA),
    (re.compile(r"weights|checkpoints|\bmodels?\b", re.I), LinkRole.MODEL),
)
_CONTEXT_CHARS = 120


def find_links(text: str) -> Iterator[Link]:
    r"""Yields the web addresses of a text in canonical form, as the annotation guidelines define it.

    LaTeX is undone, a doubled `{https://...}` and trailing punctuation are dropped, a scheme is kept as
    written. An address without one counts where it ends in a public suffix and names a path or a page's host.

    >>> [link.url for link in find_links(r"Code: \url{https://github.com/a/b\_c}. Demo at me.github.io.")]
    ['https://github.com/a/b_c', 'me.github.io']
    """
    position = 0
    while found := _ADDRESS.search(text, position):
        raw = _trimmed(found[0])
        position = found.end()
        url = _undo_latex(raw)
        if "://" in url or _is_address(url):
            end = found.start() + len(raw)
            before = text[max(0, found.start() - _CONTEXT_CHARS) : found.start()]
            yield Link(url, link_role(url, before), found.start(), end)


def link_role(url: str, before: str = "") -> LinkRole:
    """What lies behind an address, by its host and by the words of the same sentence before it."""
    sentence = re.split(r"[.?!]\s", before)[-1]
    cues = sorted((found.end(), role) for word, role in _CUES for found in word.finditer(sentence))
    said = {role for _, role in cues}
    for host, role in _HOSTS:
        if host.search(url):
            # Data sets live on code hosts too: "our dataset is available at github.com/...".
            return LinkRole.DATA if role is LinkRole.CODE and said == {LinkRole.DATA} else role
    return cues[-1][1] if cues else LinkRole.PROJECT


def _undo_latex(raw: str) -> str:
    for escape, meaning in _LATEX:
        raw = escape.sub(meaning, raw)
    return raw


def _trimmed(raw: str) -> str:
    doubled = _DOUBLED.search(raw)
    if doubled:
        raw = raw[: doubled.start()]
    while raw:
        last = raw[-1]
        unbalanced = last in _CLOSING and raw.count(last) > raw.count(_CLOSING[last])
        if not (unbalanced or last in _TRAILING or last in _CLOSING.values()):
            break
        raw = raw[:-1]
    return raw


def _is_address(url: str) -> bool:
    parts = _suffixes(url)
    if not (parts.domain and parts.suffix):
        return False
    # "in practice.In this paper" and "at scale.in" are sentences that lost a space.
    return "/" in url or (parts.suffix.islower() and parts.suffix not in _WORDS)


Doc.set_extension("urls", default=(), force=True)


@Language.component("kg_urls", assigns=["doc._.urls"])
def urls(doc: Doc) -> Doc:
    """Keeps the web addresses of a text in `doc._.urls`, a list of `(url, role, start, end)`."""
    doc._.urls = [(link.url, str(link.role), link.start, link.end) for link in find_links(text_of(doc))]
    return doc

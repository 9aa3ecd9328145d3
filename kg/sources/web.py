"""Sources behind a web address, fetched with requests."""

import re

import requests

from kg.errors import Location, SourceError
from kg.sources.files import TextFile
from kg.sources.options import Options

_TIMEOUT_SECONDS = 30


def matches(source: str) -> bool:
    """Whether a source is named by a web address."""
    return re.match(r"https?://", source, re.IGNORECASE) is not None


def fetch(url: str, options: Options) -> TextFile:
    """Fetches a page or file whole; raises `SourceError` where that fails."""
    try:
        response = requests.get(url, timeout=_TIMEOUT_SECONDS)
        response.raise_for_status()
    except requests.RequestException as error:
        raise SourceError(f"can't be fetched: {error}", at=Location(url), remedy="check the address and the network") from None
    return TextFile.from_bytes(response.content, url, options)

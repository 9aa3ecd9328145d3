"""Sources behind a web address, fetched with requests."""

import re

import requests

from kg.errors import Location, SourceError
from kg.sources.files import TextFile
from kg.sources.network import TIMEOUT_SECONDS
from kg.sources.options import Options


def matches(source: str) -> bool:
    """Whether a source is named by a web address."""
    return re.match(r"https?://", source, re.IGNORECASE) is not None


def fetch(url: str, options: Options) -> TextFile:
    """Fetches a page or file whole; raises `SourceError` where that fails."""
    try:
        with requests.get(url, timeout=TIMEOUT_SECONDS, stream=True) as response:
            response.raise_for_status()
            return TextFile.from_bytes(_content(response, url, options.max_unpacked), url, options)
    except requests.RequestException as error:
        raise SourceError(f"can't be fetched: {error}", at=Location(url), remedy="check the address and the network") from None


def _content(response: requests.Response, url: str, most: int) -> bytes:
    """What a server sends, unpacked where it packs it, up to a limit."""
    content = bytearray()
    for part in response.iter_content(1 << 16):
        content += part
        if len(content) > most:
            raise SourceError(f"more than {most:,} bytes", at=Location(url), remedy="allow more with --max-unpacked")
    return bytes(content)

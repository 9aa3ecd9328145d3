"""Web addresses to nodes: one node for one address, however it is written."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

# Hosts whose addresses begin with an owner and a repository, and don't tell case apart.
CODE_HOSTS = frozenset({"github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com"})
# On these what stands before owner and name says of what kind it is.
_MODEL_HOST, _COLLECTIONS = "huggingface.co", (["datasets"], ["spaces"])
_DEFAULT_PORTS = re.compile(r":(?:80|443)?$")


@dataclass(frozen=True, slots=True)
class Address:
    """A web address: in the form that all its spellings share, its host, and where it lies in a repository, which."""

    folded: str
    host: str
    owner: str | None = None
    repository: str | None = None


def is_whole(url: str) -> bool:
    """Whether an address has all that leads somewhere: a scheme and a host, no blanks.

    >>> is_whole("https://www.image-net.org"), is_whole("image-net.org"), is_whole("http://[broken/")
    (True, False, False)
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # such as an unclosed bracket of an IPv6 host
        return False
    return bool(parts.scheme and parts.netloc) and not any(map(str.isspace, url))


def address(url: str) -> Address:
    """What an address points at, without what its spellings differ in.

    Folded are: `http` and `https`, `www.`, the case of the host (on code hosts of the whole path), the default port,
    the fragment, slashes at the end, and `.git`. Path and query are kept as they are elsewhere (RFC 3986, section 6.2.3,
    calls this scheme-based normalization; `www.`, `.git` and fragments go beyond it).

    >>> address("http://www.GitHub.com/a/B.git#readme") == address("https://github.com/A/b/")
    True
    >>> address("https://github.com/a/b/tree/main/c").repository
    'b'
    """
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:
        return Address(url, "")
    host = _DEFAULT_PORTS.sub("", parts.netloc.lower()).removeprefix("www.")
    path = parts.path.rstrip("/")
    if host in CODE_HOSTS:
        path = path.lower()
    path = path.removesuffix(".git")
    scheme = "https" if parts.scheme in ("http", "https") else parts.scheme
    query = f"?{parts.query}" if parts.query else ""
    return Address(f"{scheme}://{host}{path}{query}", host, *_repository(host, path))


def _repository(host: str, path: str) -> tuple[str | None, str | None]:
    names = [name for name in path.split("/") if name]
    if host == _MODEL_HOST and names[:1] in _COLLECTIONS:
        names = names[1:]
    if host not in CODE_HOSTS and host != _MODEL_HOST:
        return None, None
    owner, repository = [*names, None, None][:2]
    return owner, repository

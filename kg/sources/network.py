"""What asking services has in common: time-outs, retries with back-off, and one line where there is no network."""

import time
from collections.abc import Callable
from typing import TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from kg.errors import Location, SourceError

TIMEOUT_SECONDS = 30
RETRIES = 3
# What a service that is busy or broken for a moment answers.
BUSY = (429, 500, 502, 503, 504)
_WAIT_SECONDS = 1.0

T = TypeVar("T")


class Patient(HTTPAdapter):
    """An adapter of requests with a time-out, and with retries that keep to the server's Retry-After."""

    def __init__(self, retries: int = RETRIES) -> None:
        super().__init__(max_retries=Retry(retries, backoff_factor=_WAIT_SECONDS, status_forcelist=BUSY, raise_on_status=False))

    def send(self, request: requests.PreparedRequest, **options: object) -> requests.Response:  # type: ignore[override]
        return super().send(request, **{**options, "timeout": TIMEOUT_SECONDS})  # type: ignore[arg-type]


def mount(session: requests.Session, adapter: HTTPAdapter) -> None:
    """Lets a session go through an adapter to every address."""
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)


def patiently(ask: Callable[[], T], retry: Callable[[Exception], bool]) -> T:
    """Asks, and asks again after a while where an exception is worth it."""
    for attempt in range(RETRIES):
        try:
            return ask()
        except Exception as error:
            if not retry(error):
                raise
            time.sleep(_WAIT_SECONDS * 2**attempt)
    return ask()


def unreachable(source: str, error: Exception) -> SourceError:
    """The error of a service that did not answer, or not well."""
    remedy = "check the query and the network; what you saved as a file is read without one"
    return SourceError(f"no answer: {error}", at=Location(source), remedy=remedy)

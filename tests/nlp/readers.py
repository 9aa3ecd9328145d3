"""Ways for a process to read papers that go wrong."""

import os
import signal
import time

from kg.nlp import read_batch

DEADLY = "Deadly"


def read_or_die(nlp, papers):
    """As a process that the system ends for want of memory."""
    if any(paper.title == DEADLY for paper in papers):
        os.kill(os.getpid(), signal.SIGKILL)
    return read_batch(nlp, papers)


def read_slowly(nlp, papers):
    time.sleep(0.5)
    return read_batch(nlp, papers)


def divide(nlp, papers):
    return 1 / 0

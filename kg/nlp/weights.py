"""Steps with weights of their own, kept in one file of the pipeline's folder."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Self


class Weights(ABC):
    """What spaCy asks of a step that is saved: to bytes and back, which each step has its own way of, and to disk and back."""

    @abstractmethod
    def to_bytes(self, *, exclude: Any = ()) -> bytes:
        """The weights as bytes."""

    @abstractmethod
    def from_bytes(self, data: bytes, *, exclude: Any = ()) -> Self:
        """Takes the weights that `to_bytes` gave."""

    def to_disk(self, path: Path, *, exclude: Any = ()) -> None:
        path.mkdir(parents=True, exist_ok=True)
        (path / "weights").write_bytes(self.to_bytes())

    def from_disk(self, path: Path, *, exclude: Any = ()) -> Self:
        return self.from_bytes((path / "weights").read_bytes())

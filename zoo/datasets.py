"""The picture sets that a net can be trained on, as arrays in memory.

Pictures are uint8 [n, 3, 32, 32], labels uint8 [n]. Every set has the splits
train, validation and test; only validation may be used for any choice.
"""

from __future__ import annotations

import io
import lzma
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from zoo.glyphs.generate import SPLITS, split_paths, write_split
from zoo.glyphs.scene import LABELS
from zoo.idx import read_idx

CIFAR_VALIDATION_PER_CLASS = 500
CIFAR_RECORD = 1 + 3 * 32 * 32  # bytes: label, then the picture


@dataclass(frozen=True)
class Split:
    """Pictures with their labels."""

    images: np.ndarray
    labels: np.ndarray

    def first(self, count: int) -> "Split":
        """The first `count` pictures, or all when there are fewer."""
        return Split(self.images[:count], self.labels[:count])


@dataclass(frozen=True)
class Dataset:
    """The three splits of one set and the names of its classes."""

    labels: list[str]
    train: Split
    validation: Split
    test: Split


def load_glyphs(workers: int) -> Dataset:
    """Reads the glyph splits; makes train and validation where they are absent."""
    splits = {name: load_glyph_split(name, workers) for name in ("train", "validation", "test")}
    return Dataset(list(LABELS), **splits)


def load_glyph_split(name: str, workers: int) -> Split:
    """Reads one glyph split, drawing it first when it is not there at its full size."""
    images_path, labels_path = split_paths(name)
    if not labels_path.exists():
        write_split(name, workers)
    split = Split(read_idx(images_path), read_idx(labels_path))
    if len(split.labels) != SPLITS[name][1]:
        raise ValueError(
            f"{labels_path}: expected {SPLITS[name][1]} labels, got {len(split.labels)}"
        )
    return split


def load_cifar10(folder: Path) -> Dataset:
    """Reads a CIFAR-10 folder: train_jpg.tar.xz, test_batch_5000.bin.xz, batches.meta.txt.

    Validation is the last 500 training pictures of each class by file name.
    """
    names = (folder / "batches.meta.txt").read_text().split()
    by_class = read_jpeg_archive(folder / "train_jpg.tar.xz", names)
    train = join_classes([pictures[:-CIFAR_VALIDATION_PER_CLASS] for pictures in by_class])
    validation = join_classes([pictures[-CIFAR_VALIDATION_PER_CLASS:] for pictures in by_class])
    return Dataset(names, train, validation, read_cifar_batch(folder / "test_batch_5000.bin.xz"))


def read_jpeg_archive(path: Path, names: list[str]) -> list[np.ndarray]:
    """Pictures of train/<class>/NNNN.jpg per class, sorted by file name."""
    found: dict[str, list[tuple[str, np.ndarray]]] = {name: [] for name in names}
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".jpg"):
                picture = np.asarray(Image.open(io.BytesIO(archive.extractfile(member).read())))
                found[Path(member.name).parent.name].append(
                    (member.name, picture.transpose(2, 0, 1))
                )
    return [
        np.stack([picture for _, picture in sorted(found[name], key=lambda p: p[0])])
        for name in names
    ]


def join_classes(by_class: list[np.ndarray]) -> Split:
    """One split out of one array per class, in a fixed shuffled order."""
    images = np.concatenate(by_class)
    labels = np.repeat(np.arange(len(by_class), dtype=np.uint8), [len(part) for part in by_class])
    order = np.random.default_rng(0).permutation(len(labels))
    return Split(images[order], labels[order])


def read_cifar_batch(path: Path) -> Split:
    """Reads xz-packed records of one label byte and 3072 bytes of picture."""
    content = np.frombuffer(lzma.decompress(path.read_bytes()), np.uint8)
    if len(content) % CIFAR_RECORD:
        raise ValueError(f"{path}: expected a multiple of {CIFAR_RECORD} bytes, got {len(content)}")
    records = content.reshape(-1, CIFAR_RECORD)
    return Split(records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0])

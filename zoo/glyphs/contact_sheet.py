"""Makes samples.png, a look at the committed test pictures: five of each class.

Example:
    python3 zoo/glyphs/contact_sheet.py
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from zoo.glyphs.generate import HERE, split_paths  # noqa: E402
from zoo.glyphs.scene import LABELS, SIZE  # noqa: E402
from zoo.idx import read_idx  # noqa: E402

CLASSES_PER_ROW = 3
PICTURES_PER_CLASS = 5


def contact_sheet(images: np.ndarray, labels: np.ndarray) -> Image.Image:
    """The first pictures of every class, in the order of LABELS, row by row."""
    chosen = np.concatenate(
        [
            images[np.flatnonzero(labels == label)[:PICTURES_PER_CLASS]]
            for label in range(len(LABELS))
        ]
    )
    columns = CLASSES_PER_ROW * PICTURES_PER_CLASS
    rows = len(chosen) // columns
    grid = chosen.reshape(rows, columns, 3, SIZE, SIZE).transpose(0, 3, 1, 4, 2)
    return Image.fromarray(np.ascontiguousarray(grid.reshape(rows * SIZE, columns * SIZE, 3)))


def main() -> None:
    images_path, labels_path = split_paths("test")
    sheet = contact_sheet(read_idx(images_path), read_idx(labels_path))
    sheet.quantize(128).save(HERE / "samples.png", optimize=True)


if __name__ == "__main__":
    main()

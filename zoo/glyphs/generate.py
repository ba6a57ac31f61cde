"""Makes the glyph data set: characters 0-9 and A-Z in colour, 32x32 pixels.

Each picture has a random stream of its own, made from the seed, the split and
the picture's number, so the bytes do not depend on the number of processes.
The small splits, test and calibration, are committed; train and validation
go to a cache folder.

Example:
    python3 zoo/glyphs/generate.py --workers 2
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from zoo.glyphs.fonts import load_fonts, renderer_versions  # noqa: E402
from zoo.glyphs.scene import LABELS, draw_picture  # noqa: E402
from zoo.idx import write_idx  # noqa: E402

HERE = Path(__file__).resolve().parent
COMMITTED = HERE / "data"
CACHE = HERE / "cache"
SEED = 20240
CHUNK = 256  # pictures handed to a worker at a time

# split -> (number that seeds it, pictures, folder)
SPLITS: dict[str, tuple[int, int, Path]] = {
    "train": (1, 50_000, CACHE),
    "validation": (2, 5_000, CACHE),
    "test": (3, 2_000, COMMITTED),
    "calibration": (4, 4_000, COMMITTED),
}


def make_labels(seed: int, split_number: int, count: int) -> np.ndarray:
    """Shuffled class indices, uint8 [count], as many of each as possible."""
    rng = np.random.default_rng([seed, split_number])
    return rng.permutation(np.arange(count) % len(LABELS)).astype(np.uint8)


def make_pictures(seed: int, split_number: int, start: int, labels: np.ndarray) -> np.ndarray:
    """Draws the pictures numbered start, start + 1, ...; uint8 [len(labels), 3, 32, 32]."""
    fonts = fonts_of_this_process()
    return np.stack(
        [
            draw_picture(
                np.random.default_rng([seed, split_number, start + offset]), int(label), fonts
            )
            for offset, label in enumerate(labels)
        ]
    )


@lru_cache(maxsize=1)
def fonts_of_this_process() -> list[ImageFont.FreeTypeFont]:
    """The loaded fonts; each worker process loads them once."""
    return load_fonts()


def make_split(
    split: str, count: int, seed: int = SEED, workers: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """The pictures, uint8 [count, 3, 32, 32], and labels, uint8 [count], of one split.

    Pictures of a smaller count are not a prefix of those of a larger one,
    because the labels are shuffled over the whole count.
    """
    split_number = SPLITS[split][0]
    labels = make_labels(seed, split_number, count)
    jobs = [
        (seed, split_number, start, labels[start : start + CHUNK])
        for start in range(0, count, CHUNK)
    ]
    if workers == 1:
        parts = [make_pictures(*job) for job in jobs]
    else:
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            parts = pool.starmap(make_pictures, jobs, chunksize=1)
    return np.concatenate(parts), labels


def split_paths(split: str) -> tuple[Path, Path]:
    """Where the pictures and the labels of a split lie."""
    folder = SPLITS[split][2]
    return folder / f"{split}-images.idx", folder / f"{split}-labels.idx"


def write_split(split: str, workers: int) -> None:
    """Makes a split at its full size and writes both files."""
    images_path, labels_path = split_paths(split)
    images_path.parent.mkdir(parents=True, exist_ok=True)
    images, labels = make_split(split, SPLITS[split][1], workers=workers)
    write_idx(images_path, images)
    write_idx(labels_path, labels)
    print(f"{split}: {len(labels)} pictures in {images_path.parent.name}/", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--splits", nargs="+", choices=SPLITS, default=list(SPLITS), help="default: all four"
    )
    parser.add_argument(
        "--workers", type=int, default=1, help="processes; does not change the bytes (default 1)"
    )
    args = parser.parse_args()
    for split in args.splits:
        write_split(split, args.workers)
    (COMMITTED / "versions.json").write_text(json.dumps(renderer_versions(), indent=1) + "\n")


if __name__ == "__main__":
    main()

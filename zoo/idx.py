"""Reading and writing of IDX files, the plain array format of MNIST.

Layout:  two zero bytes, 0x08 for unsigned bytes, the number of dimensions,
         then each dimension as a big-endian 32-bit integer, then the bytes
         in row-major order. Pictures [n, 3, 32, 32] start with 0x00000804,
         labels [n] with 0x00000801.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

import numpy as np

UNSIGNED_BYTE = 0x08


def write_idx(path: Path, array: np.ndarray) -> None:
    """Writes an array of unsigned bytes of any shape."""
    if array.dtype != np.uint8:
        raise ValueError(f"{path}: IDX is written from uint8 here, got {array.dtype}")
    header = struct.pack(">HBB", 0, UNSIGNED_BYTE, array.ndim)
    header += struct.pack(f">{array.ndim}I", *array.shape)
    path.write_bytes(header + array.tobytes())


def read_idx(path: Path) -> np.ndarray:
    """Reads an array of unsigned bytes; the header gives its shape."""
    content = path.read_bytes()
    if len(content) < 4:
        raise ValueError(
            f"{path}: expected an IDX header of 4 bytes or more, got {len(content)} bytes"
        )
    zero, kind, dimensions = struct.unpack_from(">HBB", content)
    if zero != 0 or kind != UNSIGNED_BYTE:
        raise ValueError(f"{path}: expected the magic 0x000008NN, got 0x{content[:4].hex()}")
    data_start = 4 + 4 * dimensions
    if len(content) < data_start:
        raise ValueError(
            f"{path}: expected a header of {data_start} bytes, got {len(content)} bytes"
        )
    shape = struct.unpack_from(f">{dimensions}I", content, 4)
    expected = data_start + math.prod(shape)
    if len(content) != expected:
        raise ValueError(f"{path}: expected {expected} bytes for shape {shape}, got {len(content)}")
    return np.frombuffer(content, np.uint8, offset=data_start).reshape(shape)

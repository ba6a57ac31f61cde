"""Writes a multi-exit net as one ONNX graph.

The graph takes `input` and yields `exit_0`, `exit_1`, ...: logits
[batch, classes]. The batch axis is free, the operator set is 13, and batch
norms are folded into the convolutions.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

OPSET = 13


def export_onnx(net: nn.Module, input_shape: tuple[int, int, int], path: Path) -> None:
    """Exports `net`, which maps [batch, *input_shape] to a tuple of logits, in eval mode."""
    net = net.eval().to(memory_format=torch.contiguous_format)
    names = [f"exit_{index}" for index in range(len(net.heads))]
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        net,
        torch.zeros(1, *input_shape),
        str(path),
        opset_version=OPSET,
        do_constant_folding=True,
        input_names=["input"],
        output_names=names,
        dynamic_axes={name: {0: "batch"} for name in ["input", *names]},
    )

"""Makes a ResNet-50 with four exits and random weights, and exports it as ONNX.

A net of realistic size to measure with: its answers mean nothing.

Shapes:  in   [batch, 3, 224, 224] float32
         out  exit_0 .. exit_3, [batch, 1000] logits each, one exit after
              each residual stage (256, 512, 1024 and 2048 channels)
Source:  He et al., "Deep Residual Learning for Image Recognition", 2016,
         table 1, with the stride in the 3x3 convolution.

Example:
    python3 zoo/resnet50.py --out /tmp/resnet50.onnx
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from zoo.export import export_onnx  # noqa: E402
from zoo.multi_exit_net import convolution, count_parameters, macs_to_exits  # noqa: E402

INPUT_SHAPE = (3, 224, 224)
CLASSES = 1000
EXPANSION = 4
STAGES = ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2))  # width, blocks, stride
RESIDUAL_GAIN = 0.25  # scale of a block's last batch norm: keeps a stage's sum from growing


class Bottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolutions beside a shortcut."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = width * EXPANSION
        self.reduce = convolution(inputs, width, 1, 1)
        self.spatial = convolution(width, width, 3, stride)
        self.expand = convolution(width, outputs, 1, 1)
        nn.init.constant_(self.expand[1].weight, RESIDUAL_GAIN)
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else convolution(inputs, outputs, 1, stride)

    def forward(self, feature: Tensor) -> Tensor:
        inner = functional.relu(self.reduce(feature))
        inner = self.expand(functional.relu(self.spatial(inner)))
        return functional.relu(inner + self.shortcut(feature))


class MultiExitResNet50(nn.Module):
    """Stem, four stages and a head after each."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            convolution(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1)
        )
        self.stages = nn.ModuleList()
        self.heads = nn.ModuleList()
        inputs = 64
        for width, blocks, stride in STAGES:
            self.stages.append(make_stage(inputs, width, blocks, stride))
            inputs = width * EXPANSION
            self.heads.append(make_head(inputs))

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        feature = self.stem(pixels)
        logits = []
        for stage, head in zip(self.stages, self.heads):
            feature = stage(feature)
            logits.append(head(feature))
        return tuple(logits)


def make_stage(inputs: int, width: int, blocks: int, stride: int) -> nn.Sequential:
    """`blocks` bottlenecks, the first of which has the stride."""
    first = Bottleneck(inputs, width, stride)
    rest = [Bottleneck(width * EXPANSION, width, 1) for _ in range(blocks - 1)]
    return nn.Sequential(first, *rest)


def make_head(inputs: int) -> nn.Sequential:
    """Global average pool and a linear layer: feature map to logits."""
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, CLASSES))


def initialise(net: nn.Module) -> None:
    """He initialisation: the default batch statistics (mean 0, variance 1) stay about right."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")


def make_resnet50(seed: int) -> MultiExitResNet50:
    """The net with weights drawn from the seed, ready for inference."""
    torch.manual_seed(seed)
    net = MultiExitResNet50()
    initialise(net)
    return net.eval()


def check_range(name: str, values: Tensor) -> None:
    """Refuses values that blew up, vanished or are not numbers."""
    spread = float(values.std())
    if not math.isfinite(spread) or not 1e-2 <= spread <= 1e2:
        raise ValueError(f"{name}: expected a standard deviation in 0.01..100, got {spread:g}")
    print(f"{name}: standard deviation {spread:.3f}, largest {float(values.abs().max()):.3f}")


def check_activations(net: MultiExitResNet50) -> None:
    """Runs two random pictures and checks every stage's features and every exit's logits."""
    feature = torch.randn(2, *INPUT_SHAPE, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        feature = net.stem(feature)
        for index, (stage, head) in enumerate(zip(net.stages, net.heads)):
            feature = stage(feature)
            check_range(f"stage {index} features", feature)
            check_range(f"exit_{index} logits", head(feature))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="the .onnx file to write, about 109 MB"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the weights (default 1)")
    args = parser.parse_args()
    net = make_resnet50(args.seed)
    check_activations(net)
    export_onnx(net, INPUT_SHAPE, args.out)
    print(f"{args.out.stat().st_size / 1e6:.0f} MB, {count_parameters(net)} parameters")
    print(f"MACs {macs_to_exits(net, INPUT_SHAPE)}")


if __name__ == "__main__":
    main()

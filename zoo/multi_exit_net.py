"""A residual convolutional net with four exits for pictures of 32x32 pixels.

Shapes:  in   [batch, 3, 32, 32] float32, pixel values in 0..1
         out  one [batch, classes] of logits per exit, in the order of depth
Stages:  the stem halves the picture to 16x16; three stages of one block keep
         that size with 32 channels, the last goes down to 8x8 with 96. Behind
         each stage is an exit. How much of the picture one place of the
         feature map sees sets the exits apart: 13, 21 and 29 pixels, then all.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

INPUT_SHAPE = (3, 32, 32)


@dataclass(frozen=True)
class BlockShape:
    """Output channels and stride of one residual block."""

    channels: int
    stride: int


STEM_CHANNELS = 16
STEM_SIZE = 5  # pixels, width and height of its kernel
HEAD_WIDENING = 2  # channels inside a head, per channel of its stage
STAGES: tuple[tuple[BlockShape, ...], ...] = (
    (BlockShape(32, 1),),
    (BlockShape(32, 1),),
    (BlockShape(32, 1),),
    (BlockShape(64, 2), BlockShape(96, 1), BlockShape(96, 1)),
)


class Normalise(nn.Module):
    """Brings each colour channel, in 0..1, to zero mean and unit spread.

    A layer of its own, since folding it into a padded convolution would
    change the values along the border.
    """

    def __init__(self, mean: list[float], std: list[float]) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean).reshape(1, 3, 1, 1))
        self.register_buffer("scale", 1.0 / torch.tensor(std).reshape(1, 3, 1, 1))

    def forward(self, pixels: Tensor) -> Tensor:
        return (pixels - self.mean) * self.scale


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside a shortcut, which is 1x1 where the shape changes."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = convolution(inputs, outputs, 3, stride)
        self.second = convolution(outputs, outputs, 3, 1)
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else convolution(inputs, outputs, 1, stride)

    def forward(self, feature: Tensor) -> Tensor:
        inner = self.second(functional.relu(self.first(feature)))
        return functional.relu(inner + self.shortcut(feature))


class MultiExitNet(nn.Module):
    """Stem, stages and one head per stage; see the module for the shapes."""

    def __init__(self, classes: int, mean: list[float], std: list[float]) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            Normalise(mean, std), convolution(3, STEM_CHANNELS, STEM_SIZE, 2), nn.ReLU()
        )
        inputs = STEM_CHANNELS
        self.stages = nn.ModuleList()
        self.heads = nn.ModuleList()
        for blocks in STAGES:
            self.stages.append(make_stage(inputs, blocks))
            inputs = blocks[-1].channels
            self.heads.append(make_head(inputs, classes))

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        feature = self.stem(pixels)
        logits = []
        for stage, head in zip(self.stages, self.heads):
            feature = stage(feature)
            logits.append(head(feature))
        return tuple(logits)


def convolution(inputs: int, outputs: int, size: int, stride: int) -> nn.Sequential:
    """A convolution without bias, padded to keep the size, and its batch norm."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, padding=size // 2, bias=False),
        nn.BatchNorm2d(outputs),
    )


def make_stage(inputs: int, blocks: tuple[BlockShape, ...]) -> nn.Sequential:
    """The residual blocks between two exits."""
    stage = nn.Sequential()
    for block in blocks:
        stage.append(ResidualBlock(inputs, block.channels, block.stride))
        inputs = block.channels
    return stage


def make_head(inputs: int, classes: int) -> nn.Sequential:
    """Feature map to logits: a 1x1 convolution, the mean over all places, a linear layer.

    The widening gives an early exit more than its stage's 32 means to tell the
    classes apart by.
    """
    inner = HEAD_WIDENING * inputs
    return nn.Sequential(
        convolution(inputs, inner, 1, 1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(inner, classes),
    )


def count_parameters(net: nn.Module) -> int:
    """Trained numbers, batch norms included."""
    return sum(parameter.numel() for parameter in net.parameters())


def macs_to_exits(net: nn.Module, input_shape: tuple[int, int, int] = INPUT_SHAPE) -> list[int]:
    """Multiply-accumulates of convolutions and linear layers up to each exit.

    The heads of earlier exits are counted too: a run that goes on past an
    exit has computed its answer. `net` must yield one logits tensor per exit
    and keep its heads in `net.heads`.
    """
    total = 0
    macs: list[int] = []

    def count(module: nn.Module, _inputs, output: Tensor) -> None:
        nonlocal total
        total += module.weight[0].numel() * output[0].numel()

    def note(_module: nn.Module, _inputs, _output: Tensor) -> None:
        macs.append(total)

    hooks = [
        m.register_forward_hook(count)
        for m in net.modules()
        if isinstance(m, (nn.Conv2d, nn.Linear))
    ]
    hooks += [head.register_forward_hook(note) for head in net.heads]
    training = net.training
    net.eval()
    with torch.no_grad():
        net(torch.zeros(1, *input_shape))
    net.train(training)
    for hook in hooks:
        hook.remove()
    return macs

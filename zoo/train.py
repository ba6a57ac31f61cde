"""Trains a four-exit net on all exits at once and exports it as ONNX.

The loss is a weighted sum of the exits' cross-entropies; the backbone is
trained with it, not frozen. Writes NAME.onnx and NAME.json into --out, NAME
being the data set. Nothing is chosen by the test split: it is read once, at
the end.

Examples:
    python3 zoo/train.py --dataset glyphs --epochs 8 --threads 2
    python3 zoo/train.py --dataset cifar10 --data folder/of/cifar10 --out /tmp/cifar10
    python3 zoo/train.py --dataset glyphs --smoke --out /tmp/smoke
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from zoo.calibration import accuracy, compare_answers, fit_temperature  # noqa: E402
from zoo.datasets import Dataset, Split, load_cifar10, load_glyphs  # noqa: E402
from zoo.export import export_onnx  # noqa: E402
from zoo.multi_exit_net import (  # noqa: E402
    INPUT_SHAPE,
    MultiExitNet,
    count_parameters,
    macs_to_exits,
)

ZOO = Path(__file__).resolve().parent
LOSS_WEIGHTS = (0.3, 0.2, 0.2, 0.5)
BATCH = 128
LEARNING_RATE = 0.15  # at its peak
WEIGHT_DECAY = 5e-4
SHIFT = 2  # pixels, largest random shift of a training picture
SMOKE_PICTURES = 256
PREPROCESSING = (
    "float32 [batch, 3, 32, 32], channels in the order red, green, blue, each byte divided by 255; "
    "the mean and the spread are taken off inside the graph"
)


@dataclass(frozen=True)
class Recipe:
    """What a run is to do."""

    epochs: int
    seed: int
    flip: bool  # mirror training pictures at random: right for photographs, wrong for characters


def load_dataset(args: argparse.Namespace) -> Dataset:
    """Reads the chosen set; a smoke run takes a small part of it."""
    if args.dataset == "glyphs":
        dataset = load_glyphs(workers=args.threads)
    elif args.data is None:
        raise SystemExit("--dataset cifar10 needs --data FOLDER")
    else:
        dataset = load_cifar10(args.data)
    if not args.smoke:
        return dataset
    parts = [
        split.first(SMOKE_PICTURES) for split in (dataset.train, dataset.validation, dataset.test)
    ]
    return Dataset(dataset.labels, *parts)


def channel_statistics(images: np.ndarray) -> tuple[list[float], list[float]]:
    """Mean and spread of each colour channel, pixel values in 0..1."""
    channels = images.astype(np.float32) / 255.0
    mean = channels.mean(axis=(0, 2, 3), dtype=np.float64)
    std = channels.std(axis=(0, 2, 3), dtype=np.float64)
    return [round(float(v), 6) for v in mean], [round(float(v), 6) for v in std]


def augment(images: Tensor, flip: bool, generator: torch.Generator) -> Tensor:
    """Shifts bytes by up to SHIFT pixels, one draw per half of the batch; mirrors if asked."""
    padded = functional.pad(images.float(), (SHIFT,) * 4, mode="replicate")
    halves = []
    for half in padded.chunk(2):
        top, left = torch.randint(0, 2 * SHIFT + 1, (2,), generator=generator).tolist()
        cut = half[:, :, top : top + INPUT_SHAPE[1], left : left + INPUT_SHAPE[2]]
        mirror = flip and torch.rand((), generator=generator) < 0.5
        halves.append(cut.flip(3) if mirror else cut)
    return torch.cat(halves)


def to_input(images: Tensor) -> Tensor:
    """Bytes to the net's input, in the memory order that its convolutions like best."""
    return (images.float() / 255.0).contiguous(memory_format=torch.channels_last)


def joint_loss(logits: tuple[Tensor, ...], labels: Tensor) -> Tensor:
    """Weighted sum of the exits' cross-entropies."""
    return sum(w * functional.cross_entropy(part, labels) for w, part in zip(LOSS_WEIGHTS, logits))


def train(net: MultiExitNet, dataset: Dataset, recipe: Recipe) -> list[list[float]]:
    """Trains in place; returns the validation accuracies per epoch and exit, in percent."""
    optimizer = torch.optim.SGD(
        net.parameters(), LEARNING_RATE, momentum=0.9, nesterov=True, weight_decay=WEIGHT_DECAY
    )
    steps = recipe.epochs * (len(dataset.train.labels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, LEARNING_RATE, total_steps=steps, pct_start=0.2
    )
    generator = torch.Generator().manual_seed(recipe.seed)
    start = time.monotonic()
    history = []
    for epoch in range(1, recipe.epochs + 1):
        losses = []
        for images, labels in training_batches(dataset.train, recipe.flip, generator):
            losses.append(take_step(net, images, labels, optimizer))
            schedule.step()
        history.append(exit_accuracies(net, dataset.validation))
        report(epoch, recipe.epochs, float(np.mean(losses)), history[-1], time.monotonic() - start)
    return history


def training_batches(
    split: Split, flip: bool, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Full batches of one epoch, in a random order: inputs and labels."""
    order = torch.randperm(len(split.labels), generator=generator)
    for chosen in order.split(BATCH):
        if len(chosen) == BATCH:
            images = torch.from_numpy(split.images[chosen.numpy()])
            labels = torch.from_numpy(split.labels[chosen.numpy()]).long()
            yield to_input(augment(images, flip, generator)), labels


def take_step(
    net: MultiExitNet, images: Tensor, labels: Tensor, optimizer: torch.optim.Optimizer
) -> float:
    """One step down the joint loss of a batch; returns that loss."""
    net.train()
    optimizer.zero_grad(set_to_none=True)
    loss = joint_loss(net(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def report(epoch: int, epochs: int, loss: float, accuracies: list[float], elapsed: float) -> None:
    """Prints the progress line of one epoch."""
    ladder = " ".join(f"{value:5.2f}" for value in accuracies)
    eta = elapsed / epoch * (epochs - epoch)
    print(
        f"epoch {epoch}/{epochs}  loss {loss:.4f}  validation {ladder} %  "
        f"{elapsed:.0f} s gone, {eta:.0f} s left",
        flush=True,
    )


def predict(net: MultiExitNet, images: np.ndarray) -> list[np.ndarray]:
    """Logits of every exit, float64 [n, classes] each."""
    net.eval()
    with torch.no_grad():
        parts = [net(to_input(batch)) for batch in torch.from_numpy(images.copy()).split(500)]
    return [torch.cat(part).double().numpy() for part in zip(*parts)]


def exit_accuracies(net: MultiExitNet, split: Split) -> list[float]:
    """Percent right per exit."""
    return [accuracy(logits, split.labels) for logits in predict(net, split.images)]


def describe(
    net: MultiExitNet,
    dataset: Dataset,
    args: argparse.Namespace,
    history: list[list[float]],
    seconds: float,
) -> dict:
    """Everything that a reader of the model wants to know, for NAME.json."""
    logits = predict(net, dataset.validation.images)
    labels = dataset.validation.labels.astype(np.int64)
    return {
        "name": args.dataset,
        "labels": dataset.labels,
        "input": {
            "name": "input",
            "shape": ["batch", *INPUT_SHAPE],
            "preprocessing": PREPROCESSING,
        },
        "exits": [f"exit_{index}" for index in range(len(net.heads))],
        "macs_to_exit": macs_to_exits(net),
        "parameters": count_parameters(net),
        "accuracy_percent": {"validation": history[-1], "test": exit_accuracies(net, dataset.test)},
        "pictures": {
            name: len(getattr(dataset, name).labels) for name in ("train", "validation", "test")
        },
        "temperature": [round(fit_temperature(part, labels), 4) for part in logits],
        "last_exit_against_most_confident_percent": compare_answers(logits, labels),
        "loss_weights": LOSS_WEIGHTS,
        "epochs": args.epochs,
        "seed": args.seed,
        "threads": args.threads,
        "train_seconds": round(seconds),
        "validation_history_percent": history,
        "command": "python3 zoo/train.py " + shlex.join(portable(sys.argv[1:])),
    }


def portable(arguments: list[str]) -> list[str]:
    """The command line without the folders of the machine it ran on."""
    kept = list(arguments)
    for option, stand_in in (("--data", "CIFAR10_FOLDER"), ("--out", "OUT_FOLDER")):
        if option in kept[:-1]:
            kept[kept.index(option) + 1] = stand_in
    return kept


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dataset", choices=("glyphs", "cifar10"), default="glyphs")
    parser.add_argument("--data", type=Path, help="folder of CIFAR-10, see zoo/README.md")
    parser.add_argument(
        "--epochs", type=int, default=8, help="passes over the training split (default 8)"
    )
    parser.add_argument(
        "--threads", type=int, default=1, help="(default 1; other counts round differently)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="of weights, order and shifts (default 1)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=ZOO / "glyphs",
        help="folder for the two files (default zoo/glyphs)",
    )
    parser.add_argument(
        "--smoke", action="store_true", help=f"one epoch on {SMOKE_PICTURES} pictures, in seconds"
    )
    args = parser.parse_args()
    if args.smoke:
        args.epochs = 1
    if args.out == ZOO / "glyphs" and (args.smoke or args.dataset != "glyphs"):
        parser.error(
            "zoo/glyphs holds the bundled model: give --out for a smoke run or another data set"
        )
    return args


def main() -> None:
    args = parse_arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    dataset = load_dataset(args)
    mean, std = channel_statistics(dataset.train.images)
    net = MultiExitNet(len(dataset.labels), mean, std).to(memory_format=torch.channels_last)
    start = time.monotonic()
    history = train(net, dataset, Recipe(args.epochs, args.seed, flip=args.dataset == "cifar10"))
    card = describe(net, dataset, args, history, time.monotonic() - start)
    export_onnx(net, INPUT_SHAPE, args.out / f"{args.dataset}.onnx")
    (args.out / f"{args.dataset}.json").write_text(json.dumps(card, indent=1) + "\n")
    print(f"test {card['accuracy_percent']['test']} %, {card['parameters']} parameters")
    print(f"MACs {card['macs_to_exit']}")


if __name__ == "__main__":
    main()

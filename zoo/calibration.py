"""How far the confidence of an exit can be trusted, and what follows for its use.

Logits are float64 [n, classes], labels integers [n]. A temperature divides an
exit's logits so that its confidence, the largest softmax value, matches how
often it is right.
"""

from __future__ import annotations

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def negative_log_likelihood(logits: np.ndarray, labels: np.ndarray) -> float:
    """Mean of -log(probability of the right class), in nats."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    right = shifted[np.arange(len(labels)), labels]
    return float(np.mean(np.log(np.exp(shifted).sum(axis=-1)) - right))


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature in 0.1..10 of least negative log likelihood.

    Golden section on the logarithm: the loss has one minimum along it.
    """
    ratio = (np.sqrt(5.0) - 1.0) / 2.0
    low, high = np.log(0.1), np.log(10.0)
    while high - low > 1e-4:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss_at(logits, labels, left) < loss_at(logits, labels, right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2.0))


def loss_at(logits: np.ndarray, labels: np.ndarray, log_temperature: float) -> float:
    """Negative log likelihood after scaling."""
    return negative_log_likelihood(logits / np.exp(log_temperature), labels)


def percent(right: np.ndarray) -> float:
    """Share of true values, in percent, to two places."""
    return round(100.0 * float(np.mean(right)), 2)


def accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    """Share of right answers, in percent."""
    return percent(logits.argmax(axis=-1) == labels)


def most_confident_accuracy(
    logits: list[np.ndarray], temperatures: list[float], labels: np.ndarray
) -> float:
    """Percent right when, of all the exits given, the most confident one answers."""
    scaled = np.stack(
        [softmax(part / t) for part, t in zip(logits, temperatures)]
    )  # [exits, n, classes]
    chosen = scaled.max(axis=-1).argmax(axis=0)
    answers = scaled.argmax(axis=-1)[chosen, np.arange(len(labels))]
    return percent(answers == labels)


def compare_answers(logits: list[np.ndarray], labels: np.ndarray) -> list[dict[str, float]]:
    """Percent right by the last exit and by the most confident one up to it, per last exit."""
    temperatures = [fit_temperature(part, labels) for part in logits]
    return [
        {
            "last": last,
            "last_answer": accuracy(logits[last], labels),
            "most_confident_answer": most_confident_accuracy(
                logits[: last + 1], temperatures[: last + 1], labels
            ),
        }
        for last in range(1, len(logits))
    ]

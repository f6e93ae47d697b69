"""The measured models in PyTorch on the CPU: milliseconds of a step, as JSON."""

import json
import statistics
import sys
import time

import torch
from torch import nn

THREADS, STEPS, ROUNDS = (int(word) for word in sys.argv[1:4])


class Transformer(nn.Module):
    """A causal language model of two layers over 64 characters."""

    def __init__(self, vocabulary=64, length=32, width=64, heads=4):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.places = nn.Parameter(torch.randn(length, width) * 0.1)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width, heads, 4 * width, dropout=0.0, activation="gelu",
                batch_first=True, norm_first=True,
            )
            for _ in range(2)
        )
        self.head = nn.Linear(width, vocabulary, bias=False)
        mask = torch.full((length, length), float("-inf")).triu(1)
        self.register_buffer("mask", mask)

    def forward(self, tokens):
        x = self.tokens(tokens) + self.places
        for layer in self.layers:
            x = layer(x, src_mask=self.mask)
        return self.head(x)


def mlp():
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    return model, torch.optim.Adam(model.parameters(), 1e-3), digits((784,))


def conv_net():
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(784, 10),
    )
    optimiser = torch.optim.SGD(model.parameters(), 1e-3, momentum=0.9)
    return model, optimiser, digits((1, 28, 28))


def transformer():
    model = Transformer()
    tokens = torch.randint(0, 64, (16, 32))
    labels = (tokens + 3) % 64
    return model, torch.optim.Adam(model.parameters(), 1e-3), (tokens, labels)


def digits(shape):
    return torch.rand(64, *shape), torch.randint(0, 10, (64,))


def measure(make):
    torch.manual_seed(1)
    model, optimiser, (x, labels) = make()
    criterion = nn.CrossEntropyLoss()

    def step():
        optimiser.zero_grad(set_to_none=True)
        logits = model(x)
        loss = criterion(logits.flatten(0, -2), labels.flatten())
        loss.backward()
        optimiser.step()

    rounds = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        for _ in range(STEPS):
            step()
        rounds.append(1e3 * (time.perf_counter() - start) / STEPS)
    return statistics.median(rounds[1:])


torch.set_num_threads(THREADS)
print(json.dumps({
    "version": torch.__version__,
    "mlp": measure(mlp),
    "convNet": measure(conv_net),
    "transformer": measure(transformer),
}))

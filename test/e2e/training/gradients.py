"""The gradient of a model's loss by PyTorch: JSON in, JSON out."""

import base64
import json
import math
import sys

import torch
from torch.nn import functional as F

asked = json.load(sys.stdin)
torch.set_num_threads(1)


def floats(text):
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.float32)


def integers(text):
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.int32).long()


# In double precision: what is compared is our float32, not PyTorch's.
flat = floats(asked["values"]).double()
w = {
    entry["name"]: flat[entry["offset"] : entry["offset"] + entry["size"]]
    .reshape(entry["dims"])
    .clone()
    .requires_grad_()
    for entry in asked["parameters"]
}
labels = integers(asked["labels"])


def mlp(x):
    hidden = F.relu(x.reshape(-1, 784) @ w["fc1.weight"] + w["fc1.bias"])
    return hidden @ w["fc2.weight"] + w["fc2.bias"]


def conv_net(x):
    x = x.reshape(-1, 1, 28, 28)
    for layer in ("conv1", "conv2"):
        x = F.conv2d(x, w[f"{layer}.weight"], w[f"{layer}.bias"], padding=1)
        x = F.max_pool2d(F.relu(x), 2)
    return x.flatten(1) @ w["fc.weight"] + w["fc.bias"]


def transformer(tokens, length=32, width=64, heads=4):
    tokens = tokens.reshape(-1, length)
    x = w["tokens.weight"][tokens] + w["places.weight"]
    mask = torch.full((length, length), float("-inf"), dtype=torch.double).triu(1)
    for layer in ("layer1", "layer2"):
        name = lambda part: w[f"{layer}.{part}"]
        split = lambda y: y.reshape(-1, length, heads, width // heads).transpose(1, 2)
        normal = F.layer_norm(x, (width,), name("norm1.weight"), name("norm1.bias"))
        query, key, value = (split(normal @ name(p)) for p in ("query", "key", "value"))
        scores = query @ key.transpose(2, 3) / math.sqrt(width / heads)
        mixed = torch.softmax(scores + mask, -1) @ value
        x = x + mixed.transpose(1, 2).reshape(-1, length, width) @ name("out")
        normal = F.layer_norm(x, (width,), name("norm2.weight"), name("norm2.bias"))
        x = x + F.gelu(normal @ name("up.weight") + name("up.bias")) @ name("down.weight")
    return x @ w["head.weight"]


models = {"mlp": mlp, "convNet": conv_net, "transformer": transformer}
given = asked["input"]
x = integers(given) if asked["model"] == "transformer" else floats(given).double()
logits = models[asked["model"]](x)
loss = F.cross_entropy(logits.flatten(0, -2), labels.flatten())
loss.backward()
gradient = torch.cat([w[entry["name"]].grad.flatten() for entry in asked["parameters"]])
print(
    json.dumps(
        {
            "loss": loss.item(),
            "gradient": base64.b64encode(gradient.numpy().tobytes()).decode(),
        }
    )
)

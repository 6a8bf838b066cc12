"""What is done to the network before its numbers are cut to seven and eight bits, so that little is lost."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto
from onnx.helper import make_node, make_tensor_value_info
from onnx.numpy_helper import from_array, to_array
from onnxruntime import InferenceSession
from tokenizers import Tokenizer

COPIES = 16
"""How many places more each feed-forward layer gets."""
MOVED = {"first": 0.65, "second": 0.75, "attention": 0.65}
"""How much of a channel's height moves into the weights behind it: of the first and the second half of each feed-forward layer,
and of attention. On 400 texts kept for calibration, cut alone: the first half diverges from fp32 by .00058 nats a text, with
.3, .5, .65, .8, 1 by .00031, .00013, .00010, .00016, .00046; the second half by .00088 with .75 and no copies, with 16 copies and
.5, .65, .75, .85 by .00063, .00040, .00027, .00066, with 32 and .75 by .00027. All together: .0017 before, .0005 now."""
WEIGHT_STEPS = 64
"""On either side of zero, in seven bits."""
_CLIPS = np.arange(0.5, 1.001, 0.025)
_LEAST_HEIGHT, _LEAST_WEIGHT, _LEAST_SCALE = 1e-3, 1e-4, 1e-2

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def split(model: ModelProto, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
    """Give the highest channels between the halves of each feed-forward layer several places, in place.

    One channel in some layers is thirty times as high as the rest. Its copies are all as high, but each has only a part of
    its weights, which so need no coarser steps than others (Zhao et al. 2019, Outlier Channel Splitting).
    """
    halves = _halves(model)
    heights = _heights(model, [second.input[0] for _, _, second in halves], tokenizer, texts)
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    for (first, gelu, second), height in zip(halves, heights, strict=True):
        copies = _copies(height)
        places = np.repeat(np.arange(len(height)), copies)
        before, bias, behind = (tensors[node.input[1]] for node in (first, gelu, second))
        _put(before, to_array(before)[:, places])
        _put(bias, to_array(bias)[places])
        _put(behind, (to_array(behind) / copies[:, None])[places])


def smooth(model: ModelProto, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
    """Even out what feed-forward layers and attention are given, in place.

    All channels share one scale of 256 steps, and a few are far higher than the rest, as texts show. Each is
    divided by a number of its own, and its weights are multiplied by that (Xiao et al. 2023, SmoothQuant).
    """
    halves = _halves(model)
    nodes = {
        "first": [first for first, _, _ in halves],
        "second": [second for _, _, second in halves],
        "attention": [node for node in model.graph.node if node.op_type == "Attention"],
    }
    told = [(node, MOVED[name]) for name, found in nodes.items() for node in found]
    heights = _heights(model, [node.input[0] for node, _ in told], tokenizer, texts)
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    for (node, share), height in zip(told, heights, strict=True):
        _move(model, node, weights[node.input[1]], height, share)


def clip(model: ModelProto) -> None:
    """Cut the few weights that would make the steps of all others in their column coarser, in place.

    Of several limits each column takes the one with the least squared error after rounding.
    """
    names = {node.input[1] for node in model.graph.node if node.op_type in ("MatMul", "Attention")}
    for tensor in model.graph.initializer:
        if tensor.name in names and len(tensor.dims) == 2:
            _put(tensor, _clipped(to_array(tensor).astype(np.float64)))


def _halves(model: ModelProto) -> list[tuple[NodeProto, NodeProto, NodeProto]]:
    """Return of each feed-forward layer the product before its GELU, that, and the product behind."""
    nodes = model.graph.node
    return [
        (
            next(node for node in nodes if gelu.input[0] in node.output),
            gelu,
            next(node for node in nodes if gelu.output[0] in node.input),
        )
        for gelu in nodes
        if gelu.op_type == "BiasGelu"
    ]


def _copies(height: Floats) -> Ints:
    """Return how many places each channel gets: one more, COPIES times, for what is highest by its places."""
    copies = np.ones(len(height), np.int64)
    for _ in range(COPIES):
        copies[(height / copies).argmax()] += 1
    return copies


def _heights(
    model: ModelProto, outputs: Sequence[str], tokenizer: Tokenizer, texts: Sequence[str]
) -> list[Floats]:
    """Return the largest absolute value of each channel (channels,) over the texts, for each of the outputs."""
    watched = ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs)
    session = InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    heights: list[Floats] = []
    for encoding in tokenizer.encode_batch(list(texts)):
        ids = np.array([encoding.ids])
        seen = session.run(list(outputs), {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        highest = [np.abs(values[0]).max(axis=0) for values in seen]
        heights = [np.maximum(a, b) for a, b in zip(heights, highest, strict=True)] if heights else highest
    return heights


def _move(model: ModelProto, node: NodeProto, weights: TensorProto, height: Floats, share: float) -> None:
    values = to_array(weights).astype(np.float64)
    scale = _scale(height, np.abs(values).max(axis=1), share)
    _put(weights, values * scale[:, None])
    model.graph.initializer.append(from_array((1 / scale).astype(np.float32), f"{node.name}_scale"))
    even = f"{node.name}_even"
    multiply = make_node("Mul", [node.input[0], f"{node.name}_scale"], [even], f"{node.name}_evened")
    node.input[0] = even
    model.graph.node.insert(list(model.graph.node).index(node), multiply)


def _scale(height: Floats, weight: Floats, share: float) -> Floats:
    scale = np.maximum(height, _LEAST_HEIGHT) ** share / np.maximum(weight, _LEAST_WEIGHT) ** (1 - share)
    centred: Floats = scale / np.exp(np.log(scale).mean())
    return np.maximum(centred, _LEAST_SCALE)


def _clipped(weights: Floats) -> Floats:
    highest = np.abs(weights).max(axis=0)
    limits = np.array([highest * share for share in _CLIPS])
    errors = np.array([((_rounded(weights, limit) - weights) ** 2).sum(axis=0) for limit in limits])
    best = limits[errors.argmin(axis=0), np.arange(weights.shape[1])]
    return np.clip(weights, -best, best)


def _rounded(weights: Floats, limit: Floats) -> Floats:
    step = limit / WEIGHT_STEPS
    return np.clip(np.round(weights / step), -WEIGHT_STEPS, WEIGHT_STEPS - 1) * step


def _put(tensor: TensorProto, values: NDArray[np.floating[Any]]) -> None:
    tensor.CopyFrom(from_array(values.astype(np.float32), tensor.name))

"""What is done to the network before its numbers are cut to seven and eight bits, so that little is lost."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto
from onnx.helper import make_node, make_tensor_value_info
from onnx.numpy_helper import from_array, to_array
from onnxruntime import InferenceSession
from tokenizers import Tokenizer

SHARE = 0.75
"""How much of a channel's height moves into the weights behind it. Of .3 to 1, on rows of the development sets:
.65 to .9 were alike (divergence from fp32 .0055 to .0063 nats a text; without it .0115), .5 was worse than nothing."""
WEIGHT_STEPS = 64
"""On either side of zero, in seven bits."""
_CLIPS = np.arange(0.5, 1.001, 0.025)
_LEAST_HEIGHT, _LEAST_WEIGHT, _LEAST_SCALE = 1e-3, 1e-4, 1e-2

Floats = NDArray[np.float64]


def smooth(model: ModelProto, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
    """Even out what the second half of each feed-forward layer is given, in place.

    All channels share one scale of 256 steps, and a few are twenty times as high as the rest, as texts show. Each is
    divided by a number of its own, and its weights are multiplied by that (Xiao et al. 2023, SmoothQuant).
    """
    gelus = [node for node in model.graph.node if node.op_type == "BiasGelu"]
    heights = _heights(model, [node.output[0] for node in gelus], tokenizer, texts)
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    for node, height in zip(gelus, heights, strict=True):
        behind = next(other for other in model.graph.node if node.output[0] in other.input)
        _move(model, node, behind, weights[behind.input[1]], height)


def clip(model: ModelProto) -> None:
    """Cut the few weights that would make the steps of all others in their column coarser, in place.

    Of several limits each column takes the one with the least squared error after rounding.
    """
    names = {node.input[1] for node in model.graph.node if node.op_type in ("MatMul", "Attention")}
    for tensor in model.graph.initializer:
        if tensor.name in names and len(tensor.dims) == 2:
            _put(tensor, _clipped(to_array(tensor).astype(np.float64)))


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


def _move(
    model: ModelProto, node: NodeProto, behind: NodeProto, weights: TensorProto, height: Floats
) -> None:
    values = to_array(weights).astype(np.float64)
    scale = _scale(height, np.abs(values).max(axis=1))
    _put(weights, values * scale[:, None])
    model.graph.initializer.append(from_array((1 / scale).astype(np.float32), f"{node.name}_scale"))
    even = f"{node.output[0]}_even"
    multiply = make_node("Mul", [node.output[0], f"{node.name}_scale"], [even], f"{node.name}_even")
    behind.input[0] = even
    model.graph.node.insert(list(model.graph.node).index(node) + 1, multiply)


def _scale(height: Floats, weight: Floats) -> Floats:
    scale = np.maximum(height, _LEAST_HEIGHT) ** SHARE / np.maximum(weight, _LEAST_WEIGHT) ** (1 - SHARE)
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


def _put(tensor: TensorProto, values: Floats) -> None:
    tensor.CopyFrom(from_array(values.astype(np.float32), tensor.name))

"""A bag-of-words model of four words as an ONNX file: the logits are the sum of the votes of its words."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

WORDS = {"[PAD]": 0, "[UNK]": 1, "bad": 2, "fine": 3, "plain": 4, "ok": 5, "not": 6}
# One row a word: how much it speaks for class A, B, C.
VOTES = np.array([[0, 0, 0], [0, 0, 0], [9, 0, 0], [0, 0, 9], [0, 9, 0], [0, 0, 1], [1, 0, 0]], np.float32)


def write_model(
    folder: Path,
    votes: np.typing.NDArray[np.float32] = VOTES,
    hidden: str = "",
    inputs: Sequence[str] = (),
    output: str = "logits",
    places: int = 0,
    softmax: bool = False,
    pooled: bool = False,
) -> None:
    """``hidden``: the name of an output of every token, before the logits. ``inputs``: what else the file wants.

    ``places``: how many tokens it has positions for; ``softmax``: it gives chances instead of logits; ``pooled``: it has an
    output of that name that is of every token.
    """
    nodes = [
        helper.make_node("Gather", ["votes", "input_ids"], ["word"]),
        *_positions(places),
        helper.make_node("ReduceSum", ["each", "axis"], ["sum" if softmax else output], keepdims=0),
    ]
    if softmax:
        nodes.append(helper.make_node("Softmax", ["sum"], [output], axis=-1))
    hidden = "pooled" if pooled else hidden
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["n", votes.shape[1]])]
    if hidden:
        nodes.append(helper.make_node("Identity", ["each"], [hidden]))
        outputs.insert(
            len(outputs) if pooled else 0,
            helper.make_tensor_value_info(hidden, TensorProto.FLOAT, ["n", "t", votes.shape[1]]),
        )
    wanted = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"]) for name in ("input_ids", *inputs)
    ]
    numbers = {"zero": np.array(0), "one": np.array(1), "axis": np.array([1])}
    tables = {"votes": votes, "places": np.zeros((places, votes.shape[1]), np.float32)}
    weights = [numpy_helper.from_array(values, name) for name, values in (numbers | tables).items()]
    graph = helper.make_graph(nodes, "bag of words", wanted, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, folder / "model.onnx")


def _positions(places: int) -> list[onnx.NodeProto]:
    """Look a position up for every token, which fails where there are none left."""
    if not places:
        return [helper.make_node("Identity", ["word"], ["each"])]
    return [
        helper.make_node("Shape", ["input_ids"], ["shape"]),
        helper.make_node("Gather", ["shape", "one"], ["length"]),
        helper.make_node("Range", ["zero", "length", "one"], ["positions"]),
        helper.make_node("Gather", ["places", "positions"], ["position"]),
        helper.make_node("Add", ["word", "position"], ["each"]),
    ]


def write_tokenizer(folder: Path) -> None:
    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))


def write_config(folder: Path, classes: Sequence[str], **more: int) -> None:
    config = {"id2label": {str(i): name for i, name in enumerate(classes)}, "pad_token_id": 0} | more
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")

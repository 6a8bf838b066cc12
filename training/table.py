"""A table of votes: what single pieces and pairs of neighbours say by themselves, added to what the network says of sentiment.

A network of this size has no room for what is rare; a table has. The votes of all pieces of a text, and of all pairs, are
added up (Joulin et al. 2017, Bag of Tricks for Efficient Text Classification).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto
from onnx.helper import make_node
from onnx.numpy_helper import from_array

PLACES = 2**18
"""In the table: a piece has one of its own, and pairs share the rest, by a hash."""
_LEFT, _RIGHT = 92_821, 31
_STEPS = 127

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Table:
    """Votes for SENTIMENTS in whole numbers (places, 3), and what one of them is worth in logits."""

    votes: NDArray[np.int8]
    worth: float

    @classmethod
    def of(cls, logits: Floats, weight: float) -> "Table":
        """Cut logits (places, 3), of which weight is added to the network's, to whole numbers."""
        worth = float(np.abs(logits).max()) / _STEPS
        return cls(np.round(logits / worth).astype(np.int8), worth * weight)

    @classmethod
    def read(cls, path: Path) -> "Table":
        with np.load(path) as kept:
            return cls(kept["votes"], float(kept["worth"]))

    def write(self, path: Path) -> None:
        np.savez_compressed(path, votes=self.votes, worth=self.worth)


def places(ids: Sequence[int], pieces: int) -> Ints:
    """Return where the votes of a text lie: of each token, and of each two neighbours; pieces is how many there are."""
    tokens = np.array(ids, np.int64)
    pairs = (tokens[:-1] * _LEFT + tokens[1:] * _RIGHT) % (PLACES - pieces) + pieces
    return np.concatenate([tokens, pairs])


def add(model: ModelProto, table: Table, pieces: int) -> None:
    """Add the table's votes to the output ``sentiment``, in place."""
    last = next(node for node in model.graph.node if "sentiment" in node.output)
    last.output[0] = "sentiment_network"
    for name, values in _constants(table, pieces).items():
        model.graph.initializer.append(from_array(values, f"pairs_{name}"))
    model.graph.node.extend(_nodes())


def _constants(table: Table, pieces: int) -> dict[str, NDArray[np.generic]]:
    whole = {"left": _LEFT, "right": _RIGHT, "hashes": PLACES - pieces, "pieces": pieces}
    ends = {"start": 0, "second": 1, "last": -1, "end": np.iinfo(np.int64).max, "axis": 1}
    return {
        **{name: np.array(value, np.int64) for name, value in whole.items()},
        **{name: np.array([value], np.int64) for name, value in ends.items()},
        "third": np.array([2], np.int64),
        "votes": table.votes,
        "worth": np.array(table.worth, np.float32),
    }


def _nodes() -> list[NodeProto]:
    """Return the operators that do what ``places`` does, look the votes up, and leave out those of padding."""
    steps = (
        ("Slice", "input_ids start last axis", "firsts", {}),
        ("Slice", "input_ids second end axis", "seconds", {}),
        ("Mul", "firsts left", "firsts_hashed", {}),
        ("Mul", "seconds right", "seconds_hashed", {}),
        ("Add", "firsts_hashed seconds_hashed", "hashed", {}),
        ("Mod", "hashed hashes", "bucket", {}),
        ("Add", "bucket pieces", "pairs", {}),
        ("Concat", "input_ids pairs", "places", {"axis": 1}),
        ("Slice", "attention_mask second end axis", "mask_of_pairs", {}),
        ("Concat", "attention_mask mask_of_pairs", "mask", {"axis": 1}),
        ("Cast", "mask", "counted", {"to": TensorProto.FLOAT}),
        ("Gather", "votes places", "found", {"axis": 0}),
        ("Cast", "found", "said", {"to": TensorProto.FLOAT}),
        ("Unsqueeze", "counted third", "counted_each", {}),
        ("Mul", "said counted_each", "said_within", {}),
        ("ReduceSum", "said_within axis", "sum", {"keepdims": 0}),
        ("ReduceSum", "counted axis", "count", {"keepdims": 1}),
        ("Sqrt", "count", "root", {}),
        ("Div", "sum root", "mean", {}),
        ("Mul", "mean worth", "logits", {}),
        ("Add", "sentiment_network logits", "sentiment", {}),
    )
    given = {"input_ids", "attention_mask", "sentiment_network", "sentiment"}

    def named(name: str) -> str:
        return name if name in given else f"pairs_{name}"

    return [
        make_node(
            kind, [named(name) for name in inputs.split()], [named(output)], f"pairs_{output}_of", **options
        )
        for kind, inputs, output, options in steps
    ]

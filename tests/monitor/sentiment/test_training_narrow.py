"""What is done before the numbers are cut changes nothing of what is said, and leaves less to be cut."""

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from training.narrow import COPIES, smooth, split

WORDS = ("late", "parcel", "again", "thanks", "fine", "?")
WIDTH, INNER = 8, 12
HIGH = 5
"""The channel between the halves that is far higher than the rest."""

Floats = NDArray[np.float32]


def feed_forward() -> ModelProto:
    """One feed-forward layer over the vectors of the words, as the optimizer of ONNX Runtime leaves it."""
    rng = np.random.default_rng(3)
    bias = np.zeros(INNER)
    bias[HIGH] = 70
    tensors = {
        "words": rng.normal(size=(len(WORDS), WIDTH)),
        "before": rng.normal(size=(WIDTH, INNER)),
        "bias": bias,
        "behind": rng.normal(size=(INNER, WIDTH)),
    }
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["vectors"], "embeddings"),
        helper.make_node("MatMul", ["vectors", "before"], ["wide"], "first"),
        helper.make_node("BiasGelu", ["wide", "bias"], ["bent"], "gelu", domain="com.microsoft"),
        helper.make_node("MatMul", ["bent", "behind"], ["said"], "second"),
    ]
    return network(nodes, tensors)


def attention() -> ModelProto:
    """Attention over the vectors of the words, of which one channel is far higher than the rest."""
    rng = np.random.default_rng(4)
    words = rng.normal(size=(len(WORDS), WIDTH))
    words[:, HIGH] *= 50
    tensors = {"words": words, "weights": rng.normal(size=(WIDTH, 3 * WIDTH)), "bias": np.zeros(3 * WIDTH)}
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["vectors"], "embeddings"),
        helper.make_node(
            "Attention",
            ["vectors", "weights", "bias"],
            ["said"],
            "heads",
            domain="com.microsoft",
            num_heads=2,
        ),
    ]
    return network(nodes, tensors)


def network(nodes: list[NodeProto], tensors: dict[str, NDArray[np.float64]]) -> ModelProto:
    given = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    said = helper.make_tensor_value_info("said", TensorProto.FLOAT, ["texts", "tokens", WIDTH])
    weights = [numpy_helper.from_array(values.astype(np.float32), name) for name, values in tensors.items()]
    return helper.make_model(
        helper.make_graph(nodes, "a part of a network", given, [said], weights),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)],
        ir_version=9,
    )


@pytest.fixture
def model() -> ModelProto:
    return feed_forward()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    found = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="?"))
    found.pre_tokenizer = Whitespace()
    return found


def said(model: ModelProto, output: str = "said") -> Floats:
    watched = ModelProto()
    watched.CopyFrom(model)
    del watched.graph.output[:]
    watched.graph.output.append(helper.make_tensor_value_info(output, TensorProto.FLOAT, None))
    ids = np.arange(len(WORDS))[None]
    session = InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    values: Floats = session.run([output], {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0]
    return values


def weights(model: ModelProto, name: str) -> Floats:
    found: Floats = numpy_helper.to_array(next(one for one in model.graph.initializer if one.name == name))
    return found


def test_copies_of_high_channels_say_what_one_said(model: ModelProto, tokenizer: Tokenizer) -> None:
    before = said(model)
    split(model, tokenizer, ["late parcel again", "thanks fine"])
    np.testing.assert_allclose(said(model), before, rtol=1e-4, atol=1e-4)


def test_the_highest_channel_gets_the_most_places_and_a_part_of_its_weights_in_each(
    model: ModelProto, tokenizer: Tokenizer
) -> None:
    whole = weights(model, "behind")[HIGH]

    split(model, tokenizer, ["late parcel again", "thanks fine"])

    places = np.flatnonzero(weights(model, "bias") == 70)
    assert weights(model, "before").shape == (WIDTH, INNER + COPIES)
    assert len(places) > COPIES / 2
    np.testing.assert_allclose(weights(model, "behind")[places].sum(0), whole, rtol=1e-5)


def test_what_is_evened_out_says_the_same_of_lower_numbers(model: ModelProto, tokenizer: Tokenizer) -> None:
    before, bent = said(model), said(model, "bent")

    smooth(model, tokenizer, ["late parcel again", "thanks fine"])

    np.testing.assert_allclose(said(model), before, rtol=1e-4, atol=1e-4)
    second = next(node for node in model.graph.node if node.name == "second")
    even = said(model, second.input[0])
    assert unlike(even) < unlike(bent) / 2


def test_attention_is_given_lower_numbers_and_says_the_same(tokenizer: Tokenizer) -> None:
    model = attention()
    before, vectors = said(model), said(model, "vectors")

    smooth(model, tokenizer, ["late parcel again", "thanks fine"])

    np.testing.assert_allclose(said(model), before, rtol=1e-3, atol=1e-3)
    heads = next(node for node in model.graph.node if node.name == "heads")
    assert unlike(said(model, heads.input[0])) < unlike(vectors) / 2


def unlike(channels: Floats) -> float:
    """How many times as high as the middle one the highest channel is."""
    heights = np.abs(channels).max(axis=(0, 1))
    return float(heights.max() / np.median(heights))

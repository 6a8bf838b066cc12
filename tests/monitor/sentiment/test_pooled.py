"""What the heads of an ONNX model see, where its file gives that; and the head of a team on top of it."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from monitor.sentiment.classifier import Classifier, load
from monitor.sentiment.judgement import ModelError
from monitor.sentiment.learning.head import Head, Side
from monitor.sentiment.learning.taught import Taught, pooling

WORDS = {"[PAD]": 0, "[UNK]": 1, "bad": 2, "fine": 3, "refund": 4}
SEEN = np.array([[0, 0], [0, 0], [2, 0], [-2, 0], [0, 1]], np.float32)
"""What a word adds to what is seen: is it bad, is it a refund?"""
SENTIMENT = np.array([[1, 0, -1], [0, 0, 0]], np.float32)
KIND = np.array([[1, -1], [0, 0]], np.float32)


def make_model(folder: Path, *outputs: str) -> Path:
    """The sum of the words' vectors → two heads; outputs are those that the file gives, in their order."""
    nodes = [
        helper.make_node("Gather", ["seen", "input_ids"], ["each"]),
        helper.make_node("ReduceSum", ["each", "axis"], ["pooled"], keepdims=0),
        helper.make_node("MatMul", ["pooled", "head"], ["sentiment"]),
        helper.make_node("MatMul", ["pooled", "other_head"], ["kind"]),
    ]
    widths = {"sentiment": 3, "kind": 2, "pooled": 2}
    graph = helper.make_graph(
        nodes,
        "bag of words",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "t"])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", widths[name]]) for name in outputs],
        [
            numpy_helper.from_array(SEEN, "seen"),
            numpy_helper.from_array(np.array([1]), "axis"),
            numpy_helper.from_array(SENTIMENT, "head"),
            numpy_helper.from_array(KIND, "other_head"),
        ],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8),
        folder / "model.onnx",
    )
    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    described = {"sentiment": ["negative", "neutral", "positive"], "kind": ["complaint", "other"]}
    (folder / "manifest.json").write_text(json.dumps({"description": described}), encoding="utf-8")
    return folder


@pytest.fixture
def open_model(tmp_path: Path) -> Classifier:
    return load(str(make_model(tmp_path, "sentiment", "kind", "pooled")))


def test_judging_with_and_without_what_is_seen_says_the_same_in_the_order_of_the_texts(
    open_model: Classifier,
) -> None:
    texts = ["bad bad refund refund refund", "", "fine", "refund bad"]
    model = pooling(open_model)
    assert model is not None
    judgements, pooled = model.judge_pooled(texts)
    assert judgements == open_model.judge(texts)
    assert pooled.tolist() == [[4, 3], [0, 0], [-2, 0], [2, 1]]


def fingerprint(folder: Path) -> str:
    model = pooling(load(str(folder)))
    assert model is not None
    return model.fingerprint


def test_the_fingerprint_tells_files_and_calibrations_apart(tmp_path: Path) -> None:
    first = fingerprint(make_model(tmp_path, "sentiment", "kind", "pooled"))
    assert fingerprint(tmp_path) == first
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    manifest["description"]["sentiment_calibration"] = {"und": [0.9, 1.0, 0.0, 0.0, 0.0]}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    calibrated = fingerprint(tmp_path)
    other = fingerprint(make_model(tmp_path, "sentiment", "pooled", "kind"))
    assert len({first, calibrated, other}) == 3


def test_a_calibration_without_a_power_is_refused_with_what_to_do(tmp_path: Path) -> None:
    make_model(tmp_path, "sentiment", "kind")
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    manifest["description"]["sentiment_calibration"] = {"uk": [0.9, 0.0, 0.0, 0.0]}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(
        ModelError, match=r"for uk in .*manifest\.json has 4 numbers; it takes 5: .*put 1\.0 behind"
    ):
        load(str(tmp_path))


def test_a_head_of_ones_own_moves_what_is_about_refunds_and_nothing_else(open_model: Classifier) -> None:
    head = Head({"negative": Side(np.array([0.0, -9.0]), 0.0, 1.0)})
    texts = ["bad", "bad refund", "fine", ""]
    before, after = open_model.judge(texts), Taught(open_model, lambda _: head).judge(texts)
    assert [one.sentiment.negative for one in after] == pytest.approx(
        [before[0].sentiment.negative, 0.0, before[2].sentiment.negative, 0.0], abs=0.01
    )
    assert [one.complaint for one in after] == [one.complaint for one in before]
    assert after[3] == before[3]


@pytest.mark.parametrize("outputs", [("sentiment", "kind"), ("sentiment", "kind", "pooled")])
def test_an_older_file_without_it_is_judged_all_the_same(tmp_path: Path, outputs: tuple[str, ...]) -> None:
    classifier = load(str(make_model(tmp_path, *outputs)))
    assert (pooling(classifier) is not None) == ("pooled" in outputs)
    bad, fine = classifier.judge(["bad", "fine"])
    assert bad.sentiment.negative > 0.5 > fine.sentiment.negative
    assert bad.complaint is not None
    assert fine.complaint is not None
    assert bad.complaint > 0.5 > fine.complaint


def test_the_embedded_model_can_learn() -> None:
    embedded = load()
    model = pooling(embedded)
    if model is None:
        pytest.skip("the weights were shipped before python -m training gave what the heads see")
    judgements, pooled = model.judge_pooled(["Третій тиждень чекаю на відповідь", "Дякую!"])
    assert pooled.shape == (2, 384)
    assert judgements == embedded.judge(["Третій тиждень чекаю на відповідь", "Дякую!"])

"""Any model instead of the embedded one: a directory or a hub id."""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from monitor.sentiment.classifier import ModelError, load

WORDS = {"[PAD]": 0, "[UNK]": 1, "bad": 2, "fine": 3, "plain": 4}
# One row a word: how much it speaks for class A, B, C.
VOTES = np.array([[0, 0, 0], [0, 0, 0], [9, 0, 0], [0, 0, 9], [0, 9, 0]], np.float32)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A bag-of-words model: the logits are the sum of the votes of its words."""
    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    onnx.save(_bag_of_words(), tmp_path / "model.onnx")
    write_config(tmp_path, ["negative", "neutral", "positive"])
    return tmp_path


def _bag_of_words() -> onnx.ModelProto:
    nodes = [
        helper.make_node("Gather", ["votes", "input_ids"], ["each"]),
        helper.make_node("ReduceSum", ["each", "axis"], ["logits"], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "bag of words",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "t"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 3])],
        [numpy_helper.from_array(VOTES, "votes"), numpy_helper.from_array(np.array([1]), "axis")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def write_config(folder: Path, classes: list[str]) -> None:
    config = {"id2label": {str(i): name for i, name in enumerate(classes)}, "pad_token_id": 0}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


def test_a_directory_with_an_onnx_file_is_judged_without_pytorch(tiny: Path) -> None:
    classifier = load(str(tiny))
    bad, nothing, fine = classifier.judge(["bad bad", "", "plain fine fine"])
    assert classifier.name == str(tiny)
    assert bad.sentiment.negative > 0.99
    assert nothing.sentiment.neutral == 1.0
    assert fine.sentiment.positive > 0.99
    assert bad.complaint is None


def test_a_label_map_says_what_its_classes_mean(tiny: Path) -> None:
    write_config(tiny, ["A", "B", "C"])
    with pytest.raises(ModelError, match="'A', 'B', 'C'"):
        load(str(tiny))
    upside_down = load(str(tiny), {"A": "positive", "B": "neutral", "C": "negative"})
    assert upside_down.judge(["bad"])[0].sentiment.positive > 0.99


def test_a_directory_without_class_names_is_refused(tiny: Path) -> None:
    (tiny / "config.json").unlink()
    with pytest.raises(ModelError, match=r"no config\.json with id2label"):
        load(str(tiny))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_broken_file_is_refused_with_a_sentence(tiny: Path, name: str) -> None:
    (tiny / name).write_bytes(b"\x00broken")
    with pytest.raises(ModelError, match="can't be loaded"):
        load(str(tiny))


def test_without_pytorch_a_hub_id_is_refused_with_the_way_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelError, match=r"'somebody/some-model'.*pip install 'vidhuk\[torch\]'"):
        load("somebody/some-model")


def test_a_directory_of_transformers_is_judged_through_pytorch(tiny: Path) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is an extra (pip install 'vidhuk[torch]')")
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(1)
    names = {0: "negative", 1: "neutral", 2: "positive"}
    config = BertConfig(
        vocab_size=5,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        id2label=names,
        label2id={name: i for i, name in names.items()},
    )
    network = BertForSequenceClassification(config)
    (tiny / "model.onnx").unlink()
    network.save_pretrained(tiny)
    vocabulary = tiny / "vocab.txt"
    vocabulary.write_text("[PAD]\n[UNK]\nbad\n[CLS]\n[SEP]\n", encoding="utf-8")
    BertTokenizerFast(vocab=str(vocabulary)).save_pretrained(tiny)
    judgements = load(str(tiny)).judge(["bad", "", "bad bad bad\ud800"])
    with torch.inference_mode():
        expected = network.eval()(torch.tensor([[3, 2, 4]])).logits.softmax(-1)[0].tolist()
    said = judgements[0].sentiment
    assert [said.negative, said.neutral, said.positive] == pytest.approx(expected, abs=1e-5)
    assert judgements[1].sentiment.neutral == 1.0


def test_a_directory_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="PyTorch is an extra (pip install 'vidhuk[torch]')")
    with pytest.raises(ModelError, match="can't be loaded"):
        load(str(tmp_path / "nowhere"))

"""Any model instead of the embedded one: a directory or a hub id."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from structlog.testing import capture_logs
from tokenizers import Tokenizer, models

from monitor.sentiment.classifier import ModelError, load
from monitor.sentiment.onnx import OnnxClassifier
from tests.monitor.sentiment.tiny import VOTES, WORDS, write_config, write_model


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


@pytest.mark.parametrize(("hidden", "output"), [("last_hidden_state", "logits"), ("", "output_0")])
def test_the_logits_are_found_among_other_outputs(tiny: Path, hidden: str, output: str) -> None:
    write_model(tiny, hidden=hidden, output=output)
    assert load(str(tiny)).judge(["bad"])[0].sentiment.negative > 0.99


def test_a_model_of_five_stars_is_summed_into_three(tiny: Path) -> None:
    write_model(tiny, np.insert(VOTES, [1, 2], 0, axis=1))
    write_config(tiny, ["1 star", "2_stars", "3 stars", "4-stars", "5 stars"])
    bad, plain, fine = (judgement.sentiment for judgement in load(str(tiny)).judge(["bad", "plain", "fine"]))
    assert min(bad.negative, plain.neutral, fine.positive) > 0.99


def test_a_text_of_nothing_but_unknown_words_is_neutral(tiny: Path) -> None:
    write_model(tiny, np.vstack([VOTES[:1], VOTES[2:3], VOTES[2:]]))  # what is not known speaks as «bad» does
    unknown, known = load(str(tiny)).judge(["漢字 漢字", "漢字 fine"])
    assert unknown.sentiment.neutral == 1.0
    assert known.sentiment.negative == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("count", [2, 5])
def test_a_file_with_more_or_fewer_classes_than_named_is_refused(tiny: Path, count: int) -> None:
    write_config(tiny, ["1 star", "3 stars", "5 stars", "4 stars", "2 stars"][:count])
    with pytest.raises(ModelError, match=rf"\(2, 3\), not the \(2, {count}\) of its classes '1 star'"):
        load(str(tiny))


def test_a_file_that_judges_words_and_not_texts_is_refused(tiny: Path) -> None:
    write_model(tiny, hidden="logits", output="sum")
    with pytest.raises(ModelError, match=r"of 2 texts it gives numbers in the shape \(2, \d, 3\)"):
        load(str(tiny))


def test_a_file_that_wants_what_we_do_not_have_is_refused(tiny: Path) -> None:
    write_model(tiny, inputs=["position_ids"])
    with pytest.raises(ModelError, match=r"can't judge a text.*position_ids"):
        load(str(tiny))


def test_a_file_that_gives_no_numbers_is_refused(tiny: Path) -> None:
    write_model(tiny, VOTES * np.float32("nan"))
    with pytest.raises(ModelError, match="no numbers"):
        load(str(tiny))


def test_a_file_that_gives_no_numbers_of_a_long_text_is_refused(tiny: Path) -> None:
    votes = VOTES.copy()
    votes[WORDS["not"], 0] = np.finfo(np.float32).max
    write_model(tiny, votes)
    with pytest.raises(ModelError, match=r"a text of \d+ tokens: .*no numbers"):
        load(str(tiny))


def test_a_text_of_which_no_numbers_come_is_neutral_and_told_in_the_log(tiny: Path) -> None:
    votes = VOTES.copy()
    votes[WORDS["plain"]] = np.nan
    write_model(tiny, votes)
    judge = load(str(tiny))
    with capture_logs() as logs:
        alone, (first, second) = judge.judge(["plain"]), judge.judge(["plain bad", "bad fine bad"])
    assert alone[0].sentiment.neutral == first.sentiment.neutral == 1.0
    assert second.sentiment.negative > 0.9
    assert [(line["event"], line["texts"]) for line in logs] == [("not_judged", 1)] * 2


def test_a_tokenizer_with_a_token_more_than_the_network_is_refused(tiny: Path) -> None:
    tokenizer = Tokenizer.from_file(str(tiny / "tokenizer.json"))
    tokenizer.add_tokens(["refund"])
    tokenizer.save(str(tiny / "tokenizer.json"))
    with pytest.raises(ModelError, match=r"tokens up to number 7 \('refund'\), the network fewer"):
        load(str(tiny))


def test_a_text_at_which_the_network_fails_is_neutral_and_costs_no_other_its_judgement(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = load(str(tiny))
    monkeypatch.setattr(OnnxClassifier, "_feed", failing_at(WORDS["plain"], OnnxClassifier._feed))
    with capture_logs() as logs:
        alone, (first, *others) = judge.judge(["plain"]), judge.judge(["plain", "bad", "fine"])
    assert alone[0].sentiment.neutral == first.sentiment.neutral == 1.0
    assert [one.sentiment.neutral < 0.1 for one in others] == [True, True]
    assert [(line["event"], line["texts"], line["why"]) for line in logs] == [
        ("not_judged", 1, "no such row")
    ] * 2


def failing_at(token: int, feed: Callable[[Any, Sequence[Sequence[int]]], Any]) -> Any:
    """Fail as a network does that is asked for more than it has."""

    def fail_at(self: Any, ids: Sequence[Sequence[int]]) -> Any:
        if any(token in tokens for tokens in ids):
            raise RuntimeError("no such row\nof the table")
        return feed(self, ids)

    return fail_at


def test_a_file_that_was_exported_with_its_softmax_is_as_sure_as_one_without(tiny: Path) -> None:
    texts = ["bad", "plain fine", "not ok", "ok"]
    logits = [judgement.sentiment.negative for judgement in load(str(tiny)).judge(texts)]
    write_model(tiny, softmax=True, output="probabilities")
    chances = [judgement.sentiment.negative for judgement in load(str(tiny)).judge(texts)]
    assert chances == pytest.approx(logits, abs=1e-6)


@pytest.mark.parametrize("named", [-1, 0, 1])
def test_a_number_of_positions_that_is_none_is_passed_over(tiny: Path, named: int) -> None:
    write_config(tiny, ["negative", "neutral", "positive"], max_position_embeddings=named)
    assert load(str(tiny)).judge(["plain " * 20 + "bad " * 1_000])[0].sentiment.negative > 0.99


@pytest.mark.parametrize(("named", "there"), [(130, 130), (130, 128), (256, 256), (514, 512)])
def test_a_text_is_cut_to_the_positions_that_a_model_has(tiny: Path, named: int, there: int) -> None:
    write_config(tiny, ["negative", "neutral", "positive"], max_position_embeddings=named)
    write_model(tiny, places=there)
    assert load(str(tiny)).judge(["bad " * 1_000])[0].sentiment.negative > 0.99


def test_a_model_that_names_no_positions_and_has_few_is_refused(tiny: Path) -> None:
    write_model(tiny, places=128)
    with pytest.raises(
        ModelError, match=r"a text of 254 tokens.*max_position_embeddings in its config\.json"
    ):
        load(str(tiny))


def test_a_file_that_shows_words_where_it_should_show_texts_is_refused(tiny: Path) -> None:
    write_model(tiny, pooled=True)
    with pytest.raises(ModelError, match=r"'pooled' has the shape \(2, \d, 3\), not \(2, 3\)"):
        load(str(tiny))


def test_an_onnx_file_of_another_name_is_told_which_names_are_looked_for(tiny: Path) -> None:
    (tiny / "model.onnx").rename(tiny / "model_fp16.onnx")
    with pytest.raises(ModelError, match=r"model_fp16\.onnx, and none of the names.*model\.onnx"):
        load(str(tiny))


def test_what_was_learnt_on_one_meaning_of_the_classes_is_of_no_use_with_another(tiny: Path) -> None:
    first = load(str(tiny))
    write_config(tiny, ["positive", "neutral", "negative"])
    turned = load(str(tiny))
    assert isinstance(first, OnnxClassifier)
    assert isinstance(turned, OnnxClassifier)
    assert first.fingerprint != turned.fingerprint


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ('{"id2label": ["negative", "positive"]}', "id2label that can't be read"),
        ('{"id2label": {"first": "negative"}}', "id2label that can't be read"),
        ("[]", "holds no JSON object"),
    ],
)
def test_class_names_of_another_shape_are_refused(tiny: Path, config: str, said: str) -> None:
    (tiny / "config.json").write_text(config, encoding="utf-8")
    with pytest.raises(ModelError, match=said):
        load(str(tiny))


def test_a_manifest_that_is_not_ours_is_passed_over(tiny: Path) -> None:
    (tiny / "manifest.json").write_text('{"name": "an extension"}', encoding="utf-8")
    assert load(str(tiny)).judge(["bad"])[0].sentiment.negative > 0.99


def test_what_is_no_directory_of_a_model_is_named(tiny: Path) -> None:
    for path in (str(tiny / "nowhere"), "./no/where", "models/of/mine"):
        with pytest.raises(ModelError, match="no such directory"):
            load(path)
    with pytest.raises(ModelError, match="name the directory"):
        load(str(tiny / "model.onnx"))
    (tiny / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"no tokenizer\.json"):
        load(str(tiny))


def test_a_directory_without_class_names_is_refused(tiny: Path) -> None:
    (tiny / "config.json").unlink()
    with pytest.raises(ModelError, match=r"no config\.json with id2label"):
        load(str(tiny))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_broken_file_is_refused_with_a_sentence(tiny: Path, name: str) -> None:
    (tiny / name).write_bytes(b"\x00broken")
    with pytest.raises(ModelError, match="can't be loaded"):
        load(str(tiny))


@pytest.mark.parametrize(
    "words",
    [
        models.WordLevel({"bad": 0}, unk_token="[UNK]"),
        models.WordPiece({"bad": 0}, unk_token="[UNK]"),
        models.Unigram([("bad", -1.0)], unk_id=None),
    ],
    ids=["words", "pieces", "unigrams"],
)
def test_a_tokenizer_without_a_token_for_what_it_does_not_know_is_refused(tiny: Path, words: Any) -> None:
    Tokenizer(words).save(str(tiny / "tokenizer.json"))
    with pytest.raises(ModelError, match=r"can't be loaded: .*(UNK|unk)"):
        load(str(tiny))


def test_without_pytorch_a_hub_id_is_refused_with_the_way_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelError, match=r"'somebody/some-model'.*\.venv/bin/pip install -e '\.\[torch\]'"):
        load("somebody/some-model")


@pytest.fixture
def transformer(tiny: Path) -> Any:
    """A network with random weights, and its tokenizer in the directory; the network is not."""
    torch = pytest.importorskip("torch", reason="PyTorch is an extra (.venv/bin/pip install -e '.[torch]')")
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(1)
    names = {0: "negative", 1: "neutral", 2: "positive"}
    config = BertConfig(
        vocab_size=6,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        id2label=names,
        label2id={name: i for i, name in names.items()},
    )
    (tiny / "model.onnx").unlink()
    vocabulary = tiny / "vocab.txt"
    vocabulary.write_text("[PAD]\n[UNK]\nbad\n[CLS]\n[SEP]\n[MASK]\n", encoding="utf-8")
    BertTokenizerFast(vocab=str(vocabulary)).save_pretrained(tiny)
    return BertForSequenceClassification(config)


def test_a_directory_of_transformers_is_judged_through_pytorch(tiny: Path, transformer: Any) -> None:
    torch = pytest.importorskip("torch")
    transformer.save_pretrained(tiny)
    judgements = load(str(tiny)).judge(["bad", "", "bad bad bad\ud800", "шалом"])
    with torch.inference_mode():
        expected = transformer.eval()(torch.tensor([[3, 2, 4]])).logits.softmax(-1)[0].tolist()
    said = judgements[0].sentiment
    assert [said.negative, said.neutral, said.positive] == pytest.approx(expected, abs=1e-5)
    assert judgements[1].sentiment.neutral == judgements[3].sentiment.neutral == 1.0


def test_a_text_at_which_pytorch_fails_is_neutral_and_costs_no_other_its_judgement(
    tiny: Path, transformer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from monitor.sentiment.hub import HubClassifier

    transformer.save_pretrained(tiny)
    judge = load(str(tiny))
    monkeypatch.setattr(HubClassifier, "_logits", failing_at(2, HubClassifier._logits))
    with capture_logs() as logs:
        failed, judged = judge.judge(["bad", "[MASK]"])
    assert failed.sentiment.neutral == 1.0
    assert judged.sentiment.neutral < 1.0
    assert [(line["event"], line["why"]) for line in logs] == [("not_judged", "no such row")]


def test_a_network_of_fewer_words_than_its_tokenizer_is_refused(tiny: Path, transformer: Any) -> None:
    transformer.resize_token_embeddings(5)
    transformer.save_pretrained(tiny)
    with pytest.raises(ModelError, match=r"tokens up to number 5 \('\[MASK\]'\), the network fewer"):
        load(str(tiny))


def test_weights_without_their_tokenizer_are_refused(tiny: Path, transformer: Any) -> None:
    transformer.save_pretrained(tiny)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        (tiny / name).unlink(missing_ok=True)
    with pytest.raises(ModelError, match="tokenizer's files are missing"):
        load(str(tiny))


def test_a_long_text_is_cut_to_the_positions_of_a_model_like_roberta(tiny: Path, transformer: Any) -> None:
    from transformers import RobertaConfig, RobertaForSequenceClassification

    small = transformer.config.to_dict() | {"max_position_embeddings": 20, "pad_token_id": 1}
    RobertaForSequenceClassification(RobertaConfig(**small | {"model_type": "roberta"})).save_pretrained(tiny)
    assert len(load(str(tiny)).judge(["bad " * 1_000])) == 1


def test_a_model_whose_positions_have_no_end_is_judged(tiny: Path, transformer: Any) -> None:
    from transformers import XLNetConfig, XLNetForSequenceClassification

    names = {"id2label": transformer.config.id2label, "label2id": transformer.config.label2id}
    small = XLNetConfig(vocab_size=6, d_model=8, n_layer=1, n_head=1, d_inner=8, **names)
    XLNetForSequenceClassification(small).save_pretrained(tiny)
    assert load(str(tiny)).judge(["bad " * 1_000])[0].sentiment.neutral < 1.0


def test_a_model_that_has_not_learnt_classes_is_refused(tiny: Path, transformer: Any) -> None:
    transformer.bert.save_pretrained(tiny)
    with pytest.raises(ModelError, match=r"no weights classifier\..*not learnt"):
        load(str(tiny), {"LABEL_0": "negative", "LABEL_1": "positive"})


@pytest.mark.parametrize(
    "files", [{}, {"config.json": "{}"}, {"config.json": '{"model_type": "bert"}'}, {"config.json": "{"}]
)
def test_a_directory_that_transformers_can_not_load_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    pytest.importorskip("torch", reason="PyTorch is an extra (.venv/bin/pip install -e '.[torch]')")
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="can't be loaded"):
        load(str(tmp_path))

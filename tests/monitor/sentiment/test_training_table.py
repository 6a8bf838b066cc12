"""The table of votes says in the ONNX file what it says in numbers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper
from onnxruntime import InferenceSession

from training.table import PLACES, Table, add, places

PIECES = 12
PAD = 1
WORTH = 0.25
VOTES = np.random.default_rng(1).integers(-127, 128, (PLACES, 3)).astype(np.int8)


def session(table: Table) -> InferenceSession:
    """A network that says nothing of any text, and the table."""
    given = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    said = helper.make_tensor_value_info("sentiment", TensorProto.FLOAT, ["texts", 3])
    nothing = helper.make_node("Constant", [], ["sentiment"], value_floats=[0.0, 0.0, 0.0])
    model = helper.make_model(
        helper.make_graph([nothing], "nothing", given, [said]),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=9,
    )
    add(model, table, PIECES)
    return InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


SESSION = session(Table(VOTES, WORTH))
texts = st.lists(st.lists(st.integers(2, PIECES - 1), min_size=1, max_size=9), min_size=1, max_size=5)


@given(texts)
@settings(max_examples=60, deadline=None)
def test_the_file_adds_up_the_votes_of_pieces_and_pairs_and_none_of_padding(ids: list[list[int]]) -> None:
    longest = max(map(len, ids))
    padded = np.array([text + [PAD] * (longest - len(text)) for text in ids])

    (said,) = SESSION.run(
        ["sentiment"], {"input_ids": padded, "attention_mask": (padded != PAD).astype(np.int64)}
    )

    for logits, text in zip(said, ids, strict=True):
        votes = VOTES[places(text, PIECES)].astype(float)
        np.testing.assert_allclose(logits, WORTH * votes.sum(0) / np.sqrt(len(votes)), rtol=1e-4, atol=1e-4)


@given(st.lists(st.integers(0, PIECES - 1), min_size=1, max_size=9))
def test_pieces_have_places_of_their_own_and_pairs_the_rest(text: list[int]) -> None:
    found = places(text, PIECES)
    assert found[: len(text)].tolist() == text
    assert all(PIECES <= place < PLACES for place in found[len(text) :])
    assert len(found) == 2 * len(text) - 1


def test_logits_are_cut_to_whole_numbers_within_half_a_step() -> None:
    logits = np.array([[1.0, -2.0, 0.013], [0.0, 0.5, -0.5]], np.float32)
    table = Table.of(logits, weight=0.3)
    step = 2 / 127
    np.testing.assert_allclose(table.votes * table.worth, 0.3 * logits, atol=0.3 * step / 2 + 1e-6)

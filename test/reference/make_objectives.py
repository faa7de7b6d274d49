"""Losses and gradients that test/parity compares the objectives with.

Run from the repository root, with Python 3.10 or newer:

    python3 -m venv venv
    venv/bin/pip install torch
    venv/bin/python test/reference/make_objectives.py

It writes test/fixtures/objectives.json: InfoNCE in float64, gradients by PyTorch's autograd. Inputs are float32 numbers,
so that what the engine computes on is what was computed on here. Everything is seeded; a second run writes the same file.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

OUT = pathlib.Path(__file__).parent.parent / "fixtures" / "objectives.json"
generator = torch.Generator().manual_seed(2018)


def info_nce(query, positive, negatives, temperature, symmetric):
    """Each query against every positive and every negative; symmetric: also each positive against the queries."""
    q, p = F.normalize(query, dim=-1), F.normalize(positive, dim=-1)
    candidates = p if negatives is None else torch.cat([p, F.normalize(negatives, dim=-1)])
    own = torch.arange(len(q))
    loss = F.cross_entropy(q @ candidates.T / temperature, own)
    if not symmetric:
        return loss
    return (loss + F.cross_entropy(p @ q.T / temperature, own)) / 2


def normal(rows, width, scale=1.0):
    return torch.randn(rows, width, generator=generator) * scale


def digits(tensor, count):
    return [[float(f"{value:.{count}g}") for value in row] for row in tensor.tolist()]


def case(name, query, positive, negatives=None, temperature=0.07, symmetric=False):
    named = {"query": query, "positive": positive, "negatives": negatives}
    inputs = {key: value.float() for key, value in named.items() if value is not None}
    wide = {key: value.double().requires_grad_() for key, value in inputs.items()}
    loss = info_nce(wide["query"], wide["positive"], wide.get("negatives"), temperature, symmetric)
    loss.backward()
    return {
        "name": name,
        "objective": "infonce",
        "temperature": temperature,
        "symmetric": symmetric,
        # Nine digits name a float32, and are far more than the comparison sees of a gradient.
        "inputs": {key: digits(value, 9) for key, value in inputs.items()},
        "loss": loss.item(),
        "grad": {key: digits(value.grad, 9) for key, value in wide.items()},
    }


def related(rows, width, noise):
    """Queries and positives that agree up to noise, as after some training."""
    query = normal(rows, width)
    return query, query + normal(rows, width, noise)


def with_zero_row(tensor, row):
    tensor = tensor.clone()
    tensor[row] = 0
    return tensor


def cases():
    yield case("batch of one", normal(1, 5), normal(1, 5))
    yield case("batch of one, symmetric", normal(1, 5), normal(1, 5), symmetric=True)
    yield case("batch of one with negatives", normal(1, 5), normal(1, 5), normal(4, 5), 0.1)
    for temperature in (1.0, 0.2, 0.05, 0.03, 0.02, 0.01):
        yield case(f"in-batch, temperature {temperature}", normal(7, 9), normal(7, 9), temperature=temperature)
        yield case(f"shared negatives, trained, temperature {temperature}", *related(6, 10, 0.5), normal(9, 10),
                   temperature)
    yield case("one dimension", normal(4, 1), normal(4, 1), normal(3, 1), 0.5)
    yield case("more rows than dimensions", normal(24, 3), normal(24, 3), temperature=0.1)
    for temperature in (0.5, 0.05, 0.01):
        yield case(f"symmetric, temperature {temperature}", *related(8, 12, 0.8), temperature=temperature, symmetric=True)
        yield case(f"symmetric with negatives, temperature {temperature}", *related(6, 8, 0.8), normal(12, 8),
                   temperature, True)
    for scale in (1e4, 1e-6):
        yield case(f"scale {scale}", normal(5, 6, scale), normal(5, 6, scale), normal(5, 6, scale), 0.2)
        yield case(f"scale {scale}, symmetric, temperature 0.01", *(part * scale for part in related(5, 8, 0.7)),
                   temperature=0.01, symmetric=True)
    yield case("each side of another scale", normal(5, 6, 1e4), normal(5, 6, 1e-4), normal(5, 6), 0.1, True)
    yield case("zero query", with_zero_row(normal(4, 6), 2), normal(4, 6), normal(3, 6), 0.1)
    yield case("zero positive, symmetric", normal(4, 6), with_zero_row(normal(4, 6), 0), None, 0.1, True)
    yield case("zero negative", normal(4, 6), normal(4, 6), with_zero_row(normal(3, 6), 1), 0.05)
    yield case("zero query and its positive, temperature 0.01", with_zero_row(normal(3, 6), 1),
               with_zero_row(normal(3, 6), 1), normal(2, 6), 0.01)
    for temperature in (0.07, 0.02):
        query, positive = related(6, 8, 1e-3)
        # The first negative is the first positive once more, the second one almost; two queries are nearly equal.
        negatives = torch.cat([positive[:1], positive[1:2] + normal(1, 8, 1e-4), normal(2, 8)])
        query[3] = query[2] + normal(1, 8, 1e-4)[0]
        yield case(f"near duplicates, temperature {temperature}", query, positive, negatives, temperature, True)
    same = normal(1, 6).repeat(4, 1)
    yield case("all rows equal", same, same, same, 0.02)
    yield case("opposite directions", query := normal(4, 6), -query, query.clone(), 0.01)


if __name__ == "__main__":
    written = [json.dumps(one) for one in cases()]
    body = ",\n".join(written)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(f'{{"torch": "{torch.__version__.split("+")[0]}", "cases": [\n{body}\n]}}\n', encoding="utf-8")

"""Values that test/unit/evaluate compares the metrics and baselines with.

Run from the repository root, with Python 3.10 or newer:

    python3 -m venv venv
    venv/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 torch sentence-transformers==6.2.0
    venv/bin/python test/reference/make_metrics.py

It writes test/fixtures/metrics/*.json: each a list of cases with their inputs and what the library named in the function
says of them. `versions.json` records what they were made with. Everything is seeded; a second run writes the same files.

Coordinates are multiples of 1/16, so that dot products are exact in float32 and ties are ties in every language.
"""

import json
import pathlib

import numpy as np
import scipy
import scipy.stats
import sentence_transformers
import sklearn
import torch
from sentence_transformers.sentence_transformer.evaluation import InformationRetrievalEvaluator
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from sklearn.preprocessing import normalize

OUT = pathlib.Path(__file__).parent.parent / "fixtures" / "metrics"
rng = np.random.default_rng(20)


def write(name, value):
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False) + "\n", encoding="utf-8")


def grid(*shape, steps=16):
    """Coordinates between -1 and 1, `steps` of them to 1: the fewer, the more ties."""
    return rng.integers(-steps, steps + 1, shape) / steps


class Table(InformationRetrievalEvaluator):
    """The evaluator, on given embeddings instead of a model."""

    def __init__(self, queries, documents, relevant):
        # Zero-padded ids sort as numbers, so that ties go to the smaller index.
        self.rows = {f"q{i:04}": row for i, row in enumerate(queries)} | {f"d{i:04}": row for i, row in enumerate(documents)}
        super().__init__(
            queries={f"q{i:04}": f"q{i:04}" for i in range(len(queries))},
            corpus={f"d{i:04}": f"d{i:04}" for i in range(len(documents))},
            relevant_docs={f"q{i:04}": {f"d{j:04}" for j in ids} for i, ids in enumerate(relevant)},
            accuracy_at_k=[1, 10], precision_recall_at_k=[1, 10], mrr_at_k=[10], ndcg_at_k=[10], map_at_k=[100],
            score_functions={"dot": lambda a, b: a @ b.T},
        )

    def embed_inputs(self, model, sentences, **kwargs):
        return torch.tensor(np.array([self.rows[name] for name in sentences]), dtype=torch.float32)


def retrieval():
    def case(name, queries, documents, relevant):
        relevant = [sorted(int(i) for i in ids) for ids in relevant]
        scores = Table(queries, documents, relevant).compute_all_metrics(None)["dot"]
        expected = {
            "recall@1": scores["recall@k"][1], "recall@10": scores["recall@k"][10], "mrr@10": scores["mrr@k"][10],
            "ndcg@10": scores["ndcg@k"][10], "map@100": scores["map@k"][100],
        }
        return dict(name=name, queries=queries.tolist(), documents=documents.tolist(), relevant=relevant,
                    dropped=sum(not ids for ids in relevant), expected={k: float(v) for k, v in expected.items()})

    near = grid(40, 4)
    pick = lambda n, low, high: [rng.choice(n, rng.integers(low, high + 1), replace=False) for _ in range(12)]
    repeated = grid(6, 3)[rng.integers(0, 6, 30)]
    write("retrieval", [
        case("one relevant document each", near[:12] + grid(12, 4, steps=4) / 4, near, [[i] for i in range(12)]),
        case("several relevant, some queries without", grid(12, 4), near, pick(40, 0, 4)),
        case("more relevant than fit in ten", grid(12, 4), near, pick(40, 12, 25)),
        case("repeated documents: ties", grid(12, 3), repeated, pick(30, 1, 6)),
        case("coarse coordinates: many ties", grid(12, 2, steps=1), grid(40, 2, steps=1), pick(40, 1, 5)),
        case("fewer documents than ten", grid(12, 4), near[:5], pick(5, 1, 5)),
        case("more documents than a hundred", grid(12, 3), grid(150, 3), pick(150, 1, 130)),
        case("one document", grid(3, 2), near[:1, :2], [[0], [0], []]),
    ])


def knn():
    # scikit-learn's own weights are distances; of non-negative rows every cosine is a weight it can take.
    def case(name, memory, labels, queries, truth, k=10):
        model = KNeighborsClassifier(min(k, len(memory)), weights=lambda d: 1 - d, algorithm="brute", metric="cosine")
        predicted = model.fit(memory, labels).predict(queries)
        return dict(name=name, memory=memory.tolist(), labels=labels.tolist(), queries=queries.tolist(),
                    truth=truth.tolist(), predicted=predicted.tolist(), accuracy=float((predicted == truth).mean()))

    def blobs(n, classes, width=5):
        y = rng.integers(0, classes, n)
        return np.abs(np.eye(width)[y % width] * 0.5 + np.abs(grid(n, width))), y

    cases = []
    for name, n, classes in [("two classes", 40, 2), ("five classes", 80, 5), ("fewer rows than k", 6, 3), ("one class", 15, 1)]:
        memory, labels = blobs(n, classes)
        queries, truth = blobs(25, classes)
        cases.append(case(name, memory, labels, queries, truth))
    memory, labels = blobs(12, 3)
    cases.append(case("every row three times", np.repeat(memory, 3, 0), np.repeat(labels, 3), *blobs(25, 3)))
    write("knn", cases)


def pairs():
    def ranked(name, positives, negatives):
        y = np.r_[np.ones(len(positives)), np.zeros(len(negatives))]
        s = np.r_[positives, negatives]
        return dict(name=name, positives=positives.tolist(), negatives=negatives.tolist(),
                    rocAuc=float(roc_auc_score(y, s)), averagePrecision=float(average_precision_score(y, s)))

    def correlated(name, a, b):
        return dict(name=name, first=a.tolist(), second=b.tolist(), spearman=float(scipy.stats.spearmanr(a, b).statistic))

    x = grid(60)
    write("pairs", dict(
        ranked=[
            ranked("overlapping", np.clip(grid(50) + 0.25, -1, 1), grid(70)),
            ranked("coarse: many ties", np.clip(grid(50, steps=2) + 0.5, -1, 1), grid(70, steps=2)),
            ranked("apart", np.abs(grid(20)) + 1 / 16, -np.abs(grid(20))),
            ranked("the wrong way round", -np.abs(grid(20)) - 1 / 16, np.abs(grid(20))),
            ranked("all equal", np.full(5, 0.5), np.full(9, 0.5)),
            ranked("one of each", np.array([0.25]), np.array([0.5])),
            ranked("few positives", grid(3), grid(200)),
        ],
        correlated=[
            correlated("noisy", x, np.clip(x + grid(60), -1, 1)),
            correlated("coarse: many ties", grid(60, steps=2), grid(60, steps=1)),
            correlated("monotone", x, x**3),
            correlated("reversed", x, -x),
            correlated("two values", np.array([1.0, 2.0]), np.array([5.0, -5.0])),
        ],
    ))


def geometry():
    def case(name, rows):
        unit = normalize(rows)
        t = torch.tensor(unit, dtype=torch.float64)
        half = len(rows) // 2
        x, y = t[:half], t[half:2 * half]
        singular = np.linalg.svd(unit, compute_uv=False)
        p = singular[singular > 1e-9 * singular.max()] / singular.sum()
        return dict(
            name=name, rows=rows.tolist(),
            # Both as in the code that the authors of alignment and uniformity published.
            alignment=float((x - y).norm(dim=1).pow(2).mean()),
            uniformity=float(torch.pdist(t, p=2).pow(2).mul(-2).exp().mean().log()),
            rank=float(np.exp(-(p * np.log(p)).sum())),
        )

    def symmetric(name, a):
        return dict(name=name, matrix=a.tolist(), eigenvalues=np.linalg.eigvalsh(a).tolist())

    a, low = grid(24, 24), grid(24, 3)
    path = 2 * np.eye(16) - np.eye(16, k=1) - np.eye(16, k=-1)
    write("geometry", [
        case("random", grid(50, 8)),
        case("fewer rows than columns", grid(6, 12)),
        case("flat: three directions of eight", np.round(grid(40, 3) @ grid(3, 8) * 256) / 256),
        case("collapsed to one point", np.tile(grid(1, 6), (12, 1))),
        case("two points, repeated", np.repeat(grid(2, 4), 6, 0)),
        case("one column", np.where(grid(10, 1) < 0, -1.0, 1.0)),
    ])
    write("eigenvalues", [
        symmetric("dense", a + a.T), symmetric("low rank", low @ low.T), symmetric("tridiagonal", path),
        symmetric("diagonal", np.diag(grid(9))), symmetric("zero", np.zeros((5, 5))), symmetric("one", np.array([[3.0]])),
        symmetric("repeated", np.ones((10, 10)) + np.eye(10)), symmetric("two", np.array([[1.0, 2.0], [2.0, -3.0]])),
        symmetric("graded", np.diag(10.0 ** -np.arange(8)) + 1e-9 * np.ones((8, 8))),
    ])


def anomaly():
    def case(name, memory, queries, truth, k=10):
        k = min(k, len(memory))
        distance, _ = NearestNeighbors(n_neighbors=k, metric="cosine", algorithm="brute").fit(memory).kneighbors(queries)
        scores = distance.mean(1)
        return dict(name=name, k=k, memory=memory.tolist(), queries=queries.tolist(), anomalous=truth.tolist(),
                    scores=scores.tolist(), rocAuc=float(roc_auc_score(truth, scores)))

    memory = grid(60, 5) * 0.5 + np.eye(5)[0]
    truth = rng.integers(0, 2, 40)
    queries = grid(40, 5) * 0.5 + np.where(truth[:, None] == 1, np.eye(5)[1], np.eye(5)[0])
    write("anomaly", [case("ten neighbours", memory, queries, truth), case("nearest", memory, queries, truth, 1),
                      case("fewer rows than k", memory[:4], queries, truth)])


def histogram():
    def case(name, positives, negatives, bins):
        count = lambda v: np.histogram(np.float32(v).astype(float), bins=bins, range=(-1, 1))[0].tolist()
        return dict(name=name, bins=bins, input=[np.float32(v).astype(float).tolist() for v in (positives, negatives)],
                    positives=count(positives), negatives=count(negatives))

    edges = np.linspace(-1, 1, 101)
    write("histogram", [case("random", rng.uniform(-1, 1, 300), rng.uniform(-1, 0.5, 300), 100),
                        case("on the edges", edges, np.repeat(edges[::7], 2), 100),
                        case("few bins", rng.uniform(-1, 1, 50), np.array([]), 3)])


def tfidf():
    # No text holds a combining mark: there the words differ on purpose (see words.ts).
    def case(name, train, texts):
        model = TfidfVectorizer(sublinear_tf=True).fit(train)
        rows = model.transform(texts)
        terms = model.get_feature_names_out().tolist()
        return dict(
            name=name, train=train, texts=texts, idf=dict(zip(terms, model.idf_.tolist())),
            rows=[{terms[j]: float(v) for j, v in zip(r.indices, r.data)} for r in rows],
            similarity=(rows @ rows.T).toarray().tolist(),
        )

    write("tfidf", [
        case("English", [
            "The cat sat on the mat, the mat on the floor.", "A dog's bark; it's loud!", "", "cat CAT Cat dog_house dog_house_2",
            "I saw 12 cats and 3 dogs in 2024: 1,234.5 of them", "the the the the", "!!! ???",
        ], [
            "the cat and the dog", "nothing known hereabouts", "", "Cat, cat, cat. Cat!", "dog_house 2024 dog_house", "cat", "dog cat",
        ]),
        case("other scripts", [
            "Größe und Straße über Äpfel", "한국어 문장은 띄어쓰기를 한다", "그는 한국어 문장을 읽는다", "Привет, мир! Мир и труд", "ΟΔΟΣ ΣΟΦΟΣ η οδός", "Ankara'da çay",
            "café naïve coöperate", "x y z",
        ], ["größe STRASSE straße", "한국어 문장을 쓴다", "мир труд ПРИВЕТ", "οδοσ οδος σοφος", "Café ANKARA", "z"]),
        case("one text", ["alone again"], ["alone alone again", "other"]),
    ])


for make in (retrieval, knn, pairs, geometry, anomaly, histogram, tfidf):
    make()
write("versions", {m.__name__: m.__version__ for m in (np, scipy, sklearn, sentence_transformers)} | {"torch": str(torch.__version__).split("+")[0]})

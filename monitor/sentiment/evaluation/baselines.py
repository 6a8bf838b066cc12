"""Simple judges to stand beside the model: what it doesn't beat, it isn't worth its size.

Neither is a dependency of the product: each is used where its library happens to be installed.
"""

import importlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np

from monitor.sentiment.classifier import Classifier
from monitor.sentiment.evaluation.learnt import Learnt, learnt_rows
from monitor.sentiment.judgement import Judgement, Sentiment
from monitor.sentiment.labels import softmax
from monitor.sentiment.texts import prepare

VADER_NEUTRAL = 0.05
"""VADER's authors call a compound score between -0.05 and 0.05 neutral (Hutto & Gilbert 2014)."""
_FEATURES = 300_000
_INVERSE_REGULARISATION = 4.0
_ROUNDS = 300


class Baseline(Protocol):
    @property
    def name(self) -> str: ...

    def judge_of(self, language: str) -> Classifier | None:
        """Return the judge for a language, or None where there is none."""
        ...


class Absent(Exception):
    """A baseline can't be had. Its message says why."""


class Vader:
    """VADER's lexicon and rules, for English only."""

    name = "VADER"

    def __init__(self) -> None:
        analyzer = _library("vaderSentiment.vaderSentiment", "vaderSentiment").SentimentIntensityAnalyzer()
        self._score: Callable[[str], dict[str, float]] = analyzer.polarity_scores

    def judge_of(self, language: str) -> Classifier | None:
        return self if language == "en" else None

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        return [Judgement(vader_sentiment(self._score(prepare(text))["compound"]), None) for text in texts]


def vader_sentiment(compound: float) -> Sentiment:
    """Return shares whose likeliest is VADER's own verdict and whose negative falls as the compound rises."""
    negative, neutral, positive = softmax(np.array([-compound, VADER_NEUTRAL, compound])).tolist()
    return Sentiment(negative, neutral, positive)


class Ngrams:
    """Logistic regression on TF-IDF of characters, 2 to 5 in a row: one for each language, from the model's own rows."""

    name = "character n-grams"

    def __init__(self, learnt: Callable[[], Sequence[Learnt]] | None = None) -> None:
        self._text = _library("sklearn.feature_extraction.text", "scikit-learn")
        self._linear = _library("sklearn.linear_model", "scikit-learn")
        try:
            self._rows = (learnt or learnt_rows)()
        except (ImportError, OSError) as error:
            raise Absent(f"the rows that the model learnt from are not here ({error})") from error
        self.judge_of = cache(self._fit)

    def _fit(self, language: str) -> Classifier | None:
        rows = [row for row in self._rows if row.language == language]
        if len({row.sentiment for row in rows}) < 3:
            return None
        vectorizer = self._text.TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(2, 5),
            sublinear_tf=True,
            max_features=_FEATURES,
            dtype=np.float32,
        )
        features = vectorizer.fit_transform([row.text for row in rows])
        sentiment = self._regression().fit(features, [row.sentiment for row in rows])
        kinds = [i for i, row in enumerate(rows) if row.complaint is not None]
        truth = [rows[i].complaint for i in kinds]
        complaint = self._regression().fit(features[kinds], truth) if len(set(truth)) == 2 else None
        return _Fitted(vectorizer, sentiment, complaint)

    def _regression(self) -> Any:
        return self._linear.LogisticRegression(
            C=_INVERSE_REGULARISATION, class_weight="balanced", max_iter=_ROUNDS
        )


class _Fitted:
    name = Ngrams.name

    def __init__(self, vectorizer: Any, sentiment: Any, complaint: Any):
        self._vectorizer = vectorizer
        self._sentiment = sentiment
        self._complaint = complaint

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        features = self._vectorizer.transform([prepare(text) for text in texts])
        complaints: Sequence[float | None] = [None] * len(texts)
        if self._complaint is not None:
            complaints = self._complaint.predict_proba(features)[:, 1].tolist()
        stands = self._sentiment.predict_proba(features).tolist()
        return [Judgement(Sentiment(*row), c) for row, c in zip(stands, complaints, strict=True)]


def _library(module: str, package: str) -> Any:
    try:
        return importlib.import_module(module)  # no import statement: not a dependency
    except ImportError:
        raise Absent(f"{package} is not installed") from None

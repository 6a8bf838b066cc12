"""From a mention that waits to a case, and from a source to a judged mention."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import Alert, Case, Mention, Status
from monitor import judging
from monitor.db import Sessions
from monitor.excerpt import readings
from monitor.judging import as_judged, judge_posts, judge_waiting
from monitor.rounds import Rounds
from monitor.sentiment.classifier import load
from monitor.sentiment.curves import Curve, Point
from monitor.sentiment.judgement import Judgement, Sentiment, most_telling
from monitor.settings import Settings
from monitor.source import Page
from monitor.urgent import UrgentWords
from tests import builders

URGENT = UrgentWords.from_file()


@dataclass
class Ear:
    """A classifier that listens for one angry word, and remembers what it was asked."""

    name: str = "ear"
    batches: list[list[str]] = field(default_factory=list)

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        self.batches.append(list(texts))
        return [self._judge("жах" in text.lower()) for text in texts]

    def _judge(self, angry: bool) -> Judgement:
        return Judgement(
            Sentiment(0.9, 0.06, 0.04) if angry else Sentiment(0.05, 0.8, 0.15), 0.9 if angry else 0.1
        )


def waiting(sessions: Sessions, now: datetime, *texts: str) -> None:
    with sessions.begin() as session:
        for n, text in enumerate(texts):
            builders.mention(
                session,
                now,
                f"p{n}",
                text=text,
                thread_id=f"t{n}",
                author=f"a{n}",
                posted_at=now - timedelta(minutes=len(texts) - n),
                judged_at=None,
                negative=None,
                neutral=None,
                positive=None,
            )


def judge(sessions: Sessions, settings: Settings, now: datetime, ear: Ear) -> int:
    return judge_waiting(sessions, ear, URGENT, settings, now)


# What is judged


def test_of_a_mention_its_excerpt_is_judged(sessions: Sessions, settings: Settings, now: datetime) -> None:
    ear = Ear()
    waiting(sessions, now, "> Жах!\n\nУ Новолінії все добре.\n\nНадіслано з iPhone")
    judge(sessions, settings, now, ear)
    assert ear.batches == [["У Новолінії все добре."]]


@pytest.mark.parametrize(
    ("own", "judged"),
    [(True, ["Жах! У мене все добре.", "У мене все добре."]), (False, ["У мене все добре."])],
)
def test_a_title_is_judged_only_with_who_wrote_it(
    sessions: Sessions, settings: Settings, now: datetime, own: bool, judged: list[str]
) -> None:
    ear = Ear()
    waiting(sessions, now, "У мене все добре.")
    with sessions.begin() as session:
        session.query(Mention).update({"title": "Жах!", "title_is_own": own})
    judge(sessions, settings, now, ear)
    assert ear.batches == [judged]


class Distracted(Ear):
    """Overlooks what stands beneath a question, as models do."""

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        return super().judge([text.partition("?")[0] for text in texts], languages)


def test_of_two_readings_the_one_counts_that_says_more() -> None:
    beneath_a_question = ("Хто замовляв? Це жах.", "Це жах.")
    beneath_a_complaint = ("Це жах. Ось фото.", "Ось фото.")
    without_a_title = ("Усе добре.",)
    posts = [(texts, "uk") for texts in (beneath_a_question, without_a_title, beneath_a_complaint)]
    judged = judge_posts(Distracted(), posts)
    assert [judgement.sentiment.negative for judgement in judged] == [0.9, 0.05, 0.9]
    assert as_judged(Distracted(), posts) == ["Це жах.", "Усе добре.", "Це жах. Ось фото."]


@pytest.mark.parametrize(
    ("readings", "counts"),
    [
        # negative, neutral, positive of the reading with the title and of the one without
        (((0.08, 0.02, 0.90), (0.90, 0.06, 0.04)), 1),
        (((0.60, 0.35, 0.05), (0.01, 0.01, 0.98)), 0),
        (((0.10, 0.70, 0.20), (0.05, 0.05, 0.90)), 1),
        (((0.30, 0.50, 0.20), (0.02, 0.03, 0.95)), 1),
        (((0.80, 0.15, 0.05), (0.90, 0.06, 0.04)), 1),
        (((0.05, 0.05, 0.90), (0.05, 0.80, 0.15)), 0),
    ],
)
def test_of_praise_and_a_complaint_the_complaint_counts(
    readings: Sequence[tuple[float, float, float]], counts: int
) -> None:
    assert most_telling([Judgement(Sentiment(*reading), None) for reading in readings], [2]) == [counts]


@pytest.mark.parametrize(
    ("language", "title", "complaint"),
    [
        ("uk", "Найкращий сервіс у місті", "Двері поставили криво, майстер більше не прийшов."),
        ("ru", "Лучший сервис в городе", "Дверь поставили криво, мастер больше не пришёл."),
        ("ro", "Cel mai bun serviciu din oraș", "Au montat ușa strâmb, meșterul n-a mai venit."),
        ("en", "Best service in town", "They hung the door crooked and the fitter never came back."),
    ],
)
def test_the_embedded_model_hears_a_complaint_beneath_bitter_praise(
    language: str, title: str, complaint: str
) -> None:
    assert judge_posts(load(), [(readings(title, complaint, []), language)])[0].sentiment.negative > 0.8


def test_the_embedded_model_hears_a_complaint_beneath_a_question() -> None:
    title, complaint = "Хто замовляв кухню в Новолінії?", "Третій раз переносять монтаж, це знущання!"
    assert judge_posts(load(), [(readings(title, complaint, []), "uk")])[0].sentiment.negative > 0.8


@dataclass
class KnowsItself(Ear):
    """A judge that is surest of itself in Ukrainian."""

    @property
    def curves(self) -> dict[str, Curve]:
        return {
            code: Curve([Point(0.1, 0.6, 1.0, 1.0), Point(threshold, 0.9, 0.3, 0.2)])
            for code, threshold in (("uk", 0.8), ("ru", 0.95), ("und", 0.95))
        }


@pytest.mark.parametrize(("language", "status"), [("uk", Status.OPEN), ("ru", Status.ASKED)])
def test_what_the_judge_knows_of_itself_decides_between_alert_and_question(
    sessions: Sessions, settings: Settings, now: datetime, language: str, status: Status
) -> None:
    waiting(sessions, now, "Новолінія – жах!")
    with sessions.begin() as session:
        session.query(Mention).update({"language": language})
    judge(sessions, settings, now, KnowsItself())
    with sessions() as session:
        assert session.query(Case).one().status is status


# In which order, and how often


def test_the_oldest_is_judged_first_in_batches(sessions: Sessions, settings: Settings, now: datetime) -> None:
    ear = Ear()
    waiting(sessions, now, *(f"Новолінія {n}" for n in range(judging.BATCH + 3)))
    assert judge(sessions, settings, now, ear) == judging.BATCH + 3
    assert [len(batch) for batch in ear.batches] == [judging.BATCH, 3]
    assert ear.batches[0][:2] == ["Новолінія 0", "Новолінія 1"]


def test_nothing_is_judged_twice(sessions: Sessions, settings: Settings, now: datetime) -> None:
    ear = Ear()
    waiting(sessions, now, "Новолінія — жах")
    assert judging.anything_waits(sessions)
    assert [judge(sessions, settings, now, ear) for _ in range(3)] == [1, 0, 0]
    assert not judging.anything_waits(sessions)
    with sessions() as session:
        assert len(session.scalars(select(Case)).all()) == 1


def test_what_another_worker_judged_meanwhile_stays_as_it_is(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    waiting(sessions, now, "Новолінія — жах")

    class Slow(Ear):
        def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
            if not self.batches:
                self.batches.append(list(texts))
                judge_waiting(sessions, Ear(), URGENT, settings, now)
            return [self._judge(angry=False) for _ in texts]

    judge(sessions, settings, now, Slow())
    with sessions() as session:
        assert session.scalars(select(Mention)).one().negative == 0.9
        assert len(session.scalars(select(Case)).all()) == 1


def test_what_its_author_edits_while_it_is_judged_is_judged_by_its_new_words(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    waiting(sessions, now, "Новолінія відкрилась на розі", "Новолінія має нову вивіску")

    class Slow(Ear):
        def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
            if not self.batches:
                with sessions.begin() as session:
                    session.scalars(select(Mention).order_by(Mention.id)).all()[0].text = "Новолінія — жах"
            return super().judge(texts, languages)

    judge(sessions, settings, now, ear := Slow())
    assert ear.batches[1:] == [["Новолінія — жах"]]
    with sessions() as session:
        assert session.scalars(select(Mention.negative).order_by(Mention.id)).all() == [0.9, 0.05]
        assert len(session.scalars(select(Case)).all()) == 1


def test_the_verdict_is_kept_and_only_an_unhappy_author_gets_a_case(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    waiting(sessions, now, "Новолінія — жах", "Новолінія відкрилась на розі")
    judge(sessions, settings, now, Ear())
    with sessions() as session:
        angry, calm = session.scalars(select(Mention).order_by(Mention.external_id)).all()
        assert (angry.negative, angry.complaint, angry.judged_at) == (0.9, 0.9, now)
        assert (calm.negative, calm.case_id) == (0.05, None)
        assert session.get_one(Case, angry.case_id).author == "a0"


# From the source to the alert


@dataclass
class Notebook:
    """A source that gives its pages once."""

    pages: list[Page]
    name: str = "forum"

    def poll(self, cursor: str | None) -> Iterator[Page]:
        yield from self.pages[int(cursor or 0) :]


def test_what_a_source_gives_becomes_mentions_a_case_and_an_alert_that_waits(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    angry = builders.post("p1", at=now - timedelta(minutes=9), text="Новолінія — жах, а не магазин")
    rival = builders.post("p2", at=now - timedelta(minutes=8), text="Будсвіт — теж жах", author="petro")
    nobody = builders.post("p3", at=now - timedelta(minutes=7), text="Жах, яка погода", author="ivan")
    notebook = Notebook([Page([angry, rival], "1"), Page([nobody], "2")])
    ear = Ear()
    rounds = Rounds(sessions, settings, {"forum": notebook}, lambda: ear, lambda: now, URGENT)
    rounds.register()
    assert [(p.posts, p.mentions, p.error) for p in rounds.poll_due()] == [(3, 2, None)]
    assert rounds.judge() == 2
    assert rounds.judge() == 0
    with sessions() as session:
        alert = session.scalars(select(Alert)).one()
        assert (alert.case.author, alert.due_at, alert.chat_id) == ("oksana", now, -100)


def test_the_model_is_not_loaded_for_nothing(sessions: Sessions, settings: Settings, now: datetime) -> None:
    def load() -> Ear:
        raise AssertionError("nothing waits")

    assert Rounds(sessions, settings, {}, load, lambda: now, URGENT).judge() == 0


@pytest.mark.parametrize(
    ("language", "own", "note", "headers", "letter"),
    [
        (
            "uk",
            "Третій тиждень чекаю, посилки немає.",
            "Пересилаю, гляньте.",
            "Від: Акме <help@acme.ua>\nНадіслано: 21 листопада 2025 р. 14:02\nКому: Іван <i@x.ua>\nТема: RE: замовлення",
            "Щиро дякуємо за чудовий відгук, ми раді, що вам усе сподобалось!",
        ),
        (
            "ru",
            "Третью неделю жду посылку, никто не отвечает.",
            "Пересылаю, посмотрите.",
            "От: Акме <help@acme.ru>\nОтправлено: 21 ноября 2025 г. 14:02\nКому: Иван <i@x.ru>\nТема: RE: заказ",
            "Большое спасибо за чудесный отзыв, мы рады, что вам всё понравилось!",
        ),
        (
            "ro",
            "Aștept coletul de trei săptămâni, nu răspunde nimeni.",
            "Vă trimit mai departe.",
            "De la: Acme <help@acme.ro>\nTrimis: vineri, 21 noiembrie 2025 14:02\nCătre: Ion <i@x.ro>\nSubiect: RE: comanda",
            "Vă mulțumim mult, suntem încântați că vă plac produsele noastre!",
        ),
        (
            "en",
            "Three weeks and still no parcel.",
            "Forwarding this to you.",
            "From: Acme <help@acme.com>\nSent: Friday, November 21, 2025 2:02 PM\nTo: John <j@x.com>\nSubject: RE: order",
            "Thank you so much for choosing us, we are delighted that you love our products!",
        ),
    ],
)
def test_the_embedded_model_hears_a_complaint_above_a_kind_letter_and_in_one_that_is_passed_on(
    language: str, own: str, note: str, headers: str, letter: str
) -> None:
    answered, passed_on = f"{own}\n\n{headers}\n\n{letter}", f"{note}\n\n{headers}\n\n{own}"
    judged = judge_posts(load(), [(readings("", post, []), language) for post in (answered, passed_on)])
    assert min(judgement.sentiment.negative for judgement in judged) > 0.5

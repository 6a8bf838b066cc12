"""One forum topic a case, closed with it; in a chat that refuses topics, cases are chains of replies after all."""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from telegram import Bot

from bots.markup import shorten
from bots.office import Office
from models import Alert, Case, Status
from monitor.db import reading
from monitor.notices import announce
from monitor.voice import Unsaid

log = structlog.get_logger()

LONGEST_NAME = 128
"""https://core.telegram.org/bots/api#createforumtopic"""
Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Topics:
    """Which chats can't have them is found out by trying, and remembered until we are started again."""

    def __init__(self, bot: Bot, office: Office, run: Run):
        self._bot, self._office, self._run = bot, office, run
        self._refused: set[int] = set()

    def of(self, alert: Alert) -> int | None:
        """The topic that the card goes to, opened if it has to be. Raises Unsaid where trying again may help."""
        chat = self._office.settings.staff.chat(alert.chat_id)
        wanted = chat is not None and chat.thread_mode == "topic" and alert.chat_id not in self._refused
        if not wanted or alert.own_topic or alert.message_id is not None:
            return alert.topic_id
        try:
            topic = self._run(self._bot.create_forum_topic(alert.chat_id, _name(alert.case)))
        except Unsaid as refusal:
            if not refusal.permanent:
                raise
            self._fall_back(alert.chat_id, str(refusal))
            return alert.topic_id
        number: int = topic.message_thread_id
        with self._office.sessions.begin() as session:
            row = session.get_one(Alert, alert.id)
            row.topic_id, row.own_topic = number, True
        return number

    def follow(self, alert_id: int) -> None:
        """Close the topic of a closed case, and open it when the case wakes. The card stands already: nothing is raised."""
        with reading(self._office.sessions) as session:
            alert = session.get_one(Alert, alert_id)
            closed = alert.case.status is Status.CLOSED
        if not alert.own_topic or alert.topic_id is None or closed == alert.topic_closed:
            return
        change = self._bot.close_forum_topic if closed else self._bot.reopen_forum_topic
        try:
            self._run(change(alert.chat_id, alert.topic_id))
        except Unsaid as refusal:
            log.warning("topic_not_changed", case=alert.case_id, error=str(refusal))
            if not refusal.permanent:
                return  # with the next change of the card
        with self._office.sessions.begin() as session:
            session.get_one(Alert, alert_id).topic_closed = closed

    def _fall_back(self, chat_id: int, why: str) -> None:
        self._refused.add(chat_id)
        log.warning("no_topics", chat=chat_id, error=why)
        key = f"no_topics:{chat_id}"
        with self._office.sessions.begin() as session:
            announce(session, chat_id, key, "no_topics", {"error": why}, self._office.clock())


def _name(case: Case) -> str:
    return shorten(" ".join(f"#{case.id} {case.brand} · {case.author}".split()), LONGEST_NAME)

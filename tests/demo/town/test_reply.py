"""Logging in and answering through the forum's own form."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime

import pytest
from parsel import Selector
from starlette.testclient import TestClient

from demo.town import Refused, Town, Week
from demo.town.board import Board

LAMINATE = "/forum/remont/415-laminat"
LOCKED = "/forum/pokupky/388-budsvit-chek"


def csrf(visitor: TestClient, path: str) -> str:
    return Selector(visitor.get(path).text).css("main input[name=csrf]::attr(value)").get(default="")


def log_in(visitor: TestClient, password: str, onward: str = "") -> str:
    """Log in and return the address where the forum leads us."""
    fields = {"username": "novolinia-care", "password": password, "csrf": csrf(visitor, "/forum/login")}
    answer = visitor.post("/forum/login", data={**fields, "next": onward})
    return answer.url.path


@pytest.fixture
def staff(visitor: TestClient, town: Town) -> TestClient:
    log_in(visitor, town.password)
    return visitor


def reply(staff: TestClient, text: str, path: str = LAMINATE):
    return staff.post(f"{path}/reply", data={"text": text, "csrf": csrf(staff, path)})


def test_who_is_not_logged_in_gets_no_form_but_a_link(visitor: TestClient) -> None:
    page = Selector(visitor.get(LAMINATE).text)
    assert not page.css("form#reply")
    assert page.css(".join a::attr(href)").get() == f"/forum/login?next={LAMINATE}"


def test_logging_in_leads_back_to_where_one_came_from(visitor: TestClient, town: Town) -> None:
    assert log_in(visitor, town.password, LAMINATE) == LAMINATE
    form = Selector(visitor.get(LAMINATE).text).css("form#reply")
    assert form.attrib["action"] == f"{LAMINATE}/reply"
    assert form.css("textarea[name=text]")
    assert form.css("input[type=hidden][name=csrf]")


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/", "javascript:alert(1)"])
def test_logging_in_never_leads_out_of_the_forum(visitor: TestClient, town: Town, elsewhere: str) -> None:
    assert log_in(visitor, town.password, elsewhere) == "/forum/"


def test_a_wrong_password_is_an_ordinary_page_that_says_so(visitor: TestClient) -> None:
    assert log_in(visitor, "wrong") == "/forum/login"
    assert not Selector(visitor.get(LAMINATE).text).css("form#reply")


def test_an_account_without_a_password_lets_nobody_in(visitor: TestClient) -> None:
    fields = {"username": "svitlanka87", "password": "", "csrf": csrf(visitor, "/forum/login")}
    answer = visitor.post("/forum/login", data=fields)
    assert "Неправильне ім’я або пароль" in answer.text


def test_a_login_form_of_somebody_else_is_refused(visitor: TestClient, town: Town) -> None:
    visitor.get("/forum/login")
    fields = {"username": "novolinia-care", "password": town.password, "csrf": "guessed"}
    assert visitor.post("/forum/login", data=fields).status_code == 403


def test_an_answer_appears_at_once_at_the_end_of_the_thread(staff: TestClient, town: Town) -> None:
    answer = reply(staff, "Богдане, завтра приїде експерт.\nЗа наш рахунок.")
    posted = town.answers()[0]
    assert answer.url.path == LAMINATE
    assert posted.permalink == f"{LAMINATE}#p9001"
    last = Selector(answer.text).css("article.post")[-1]
    assert last.attrib["id"] == "p9001"
    assert last.css(".profile::text").get() == "novolinia-care"
    assert last.css(".badge")
    assert last.css("a.permalink::attr(href)").get() == posted.permalink
    said = (posted.thread, posted.author, posted.text)
    assert said == ("laminat", "novolinia-care", "Богдане, завтра приїде експерт.\nЗа наш рахунок.")


def test_an_answer_in_a_long_thread_has_its_permalink_on_the_last_page(staff: TestClient, town: Town) -> None:
    answer = reply(staff, "Світлано, гроші повертаємо сьогодні.", "/forum/pokupky/412-dostavka")
    assert str(answer.url).endswith("/forum/pokupky/412-dostavka?page=3#p9001")
    assert Selector(answer.text).css("#p9001")


def test_others_see_the_answer_and_are_not_told_that_nothing_changed(staff: TestClient, town: Town) -> None:
    with TestClient(town.app) as customer:
        before = customer.get(LAMINATE)
        reply(staff, "Ми вже їдемо.")
        after = customer.get(LAMINATE, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert "Ми вже їдемо." in after.text


def test_the_customer_comes_back_after_an_answer_and_never_without(
    staff: TestClient, town: Town, week: Week, clock
) -> None:
    comeback = week.by_key["lam-6"]
    assert comeback.text not in staff.get(LAMINATE).text
    reply(staff, "Нам прикро.")
    assert comeback.text not in staff.get(LAMINATE).text
    clock.pass_by(comeback.after_answer.total_seconds())
    last = Selector(staff.get(LAMINATE).text).css("article.post")[-1]
    assert last.attrib["id"] == f"p{week.numbers['lam-6']}"
    assert last.css(".profile::text").get() == "bohdan_st"


def test_a_form_of_another_session_posts_nothing(staff: TestClient, town: Town) -> None:
    answer = staff.post(f"{LAMINATE}/reply", data={"text": "чужа форма", "csrf": "guessed"})
    assert answer.status_code == 403
    assert town.answers() == []


def test_who_is_not_logged_in_is_led_to_the_login(visitor: TestClient, town: Town) -> None:
    answer = visitor.post(f"{LAMINATE}/reply", data={"text": "хто я?", "csrf": ""})
    assert answer.url.path == "/forum/login"
    assert town.answers() == []


def test_a_second_answer_within_five_seconds_is_refused_with_an_ordinary_page(
    staff: TestClient, town: Town, clock
) -> None:
    reply(staff, "Раз.")
    clock.pass_by(4.9)
    refused = reply(staff, "Два & два.")
    assert refused.status_code == 200
    page = Selector(refused.text)
    assert "надто часто" in page.css(".notice::text").get()
    assert page.css("textarea::text").get() == "Два & два."
    clock.pass_by(0.1)
    reply(staff, "Два.")
    assert [answer.text for answer in town.answers()] == ["Раз.", "Два."]


def test_of_two_answers_at_the_same_moment_one_is_refused(week: Week, clock) -> None:
    both = threading.Barrier(2)

    def meet() -> datetime:
        """Let two answers that can be weighed at once be weighed at once."""
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=0.2)
        return clock()

    board = Board(week, meet)
    thread = next(thread for thread in week.threads if thread.key == "laminat")
    with ThreadPoolExecutor(2) as people:
        sent = [people.submit(board.reply, thread, "novolinia-care", f"№ {n}") for n in range(2)]
    assert [type(one.exception()) for one in sent if one.exception()] == [Refused]
    assert len(board.answers()) == 1


def test_a_locked_thread_takes_nothing(staff: TestClient, town: Town) -> None:
    page = Selector(staff.get(LOCKED).text)
    assert "Тему закрито" in page.css(".locked::text").get()
    assert not page.css("form#reply")
    answer = staff.post(f"{LOCKED}/reply", data={"text": "І все ж", "csrf": csrf(staff, LAMINATE)})
    assert "Тему закрито" in Selector(answer.text).css(".notice::text").get()
    assert town.answers() == []


@pytest.mark.parametrize("text", ["", "  \r\n ", "а" * 10_001])
def test_an_answer_that_is_empty_or_too_long_is_refused(staff: TestClient, town: Town, text: str) -> None:
    assert Selector(reply(staff, text).text).css(".notice::text").get()
    assert town.answers() == []


def test_a_form_without_an_end_is_cut_off(staff: TestClient, town: Town) -> None:
    assert staff.post(f"{LAMINATE}/reply", content=b"text=" + b"x" * 300_000).status_code == 413
    assert town.answers() == []


def test_members_see_their_section_and_nothing_of_theirs_is_kept_by_caches(staff: TestClient) -> None:
    answer = staff.get("/forum/svoyi/392-zustrich")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_logging_out_takes_the_form_away(staff: TestClient) -> None:
    token = Selector(staff.get("/forum/").text).css("header input[name=csrf]::attr(value)").get()
    staff.post("/forum/logout", data={"csrf": "guessed"})
    assert Selector(staff.get(LAMINATE).text).css("form#reply")
    staff.post("/forum/logout", data={"csrf": token})
    assert not Selector(staff.get(LAMINATE).text).css("form#reply")


def test_the_password_is_random_unless_it_is_given(week: Week, clock) -> None:
    first, second = Town(week, now=clock).password, Town(week, now=clock).password
    assert first != second
    assert len(first) >= 12

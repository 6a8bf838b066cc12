"""The chat page in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from demo.telegram import serve

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
KEYS = {
    "inline_keyboard": [
        [{"text": "Claim", "callback_data": "claim", "style": "primary"}],
        [
            {"text": "Open", "url": "http://127.0.0.1:8000/t/7"},
            {"text": "Copy", "copy_text": {"text": "Dear Stepan"}},
        ],
    ]
}


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, place):
    """A function that opens the page in a window of some size; complaints of the browser fail the test."""
    complaints, contexts = [], []
    with serve(place.telegram) as url:

        def open_(width=1280, height=800, touch=False):
            context = browser.new_context(viewport={"width": width, "height": height}, has_touch=touch)
            context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
            contexts.append(context)
            page = context.new_page()
            page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(url)
            page.get_by_test_id(f"chat-{place.staff.id}").wait_for()
            return page

        yield open_
        for context in contexts:
            context.close()
    assert complaints == []


def message(page, text):
    return page.get_by_test_id("message").filter(has_text=text)


def test_a_case_is_claimed_and_answered(open_page, place):
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    card = place.send(
        text="Case <b>7</b>", parse_mode="HTML", reply_markup=KEYS, message_thread_id=place.topic
    )
    expect(message(page, "Case 7").locator("b").first).to_have_text("7")
    page.get_by_test_id("button").filter(has_text="Claim").click()

    (update,) = place.updates(timeout=5)
    query = update["callback_query"]
    assert query["from"]["id"] == place.olena.id
    place.telegram.call("answerCallbackQuery", {"callback_query_id": query["id"], "text": "It is yours"})
    expect(page.get_by_test_id("toast")).to_have_text("It is yours")

    here = {"chat_id": place.staff.id, "message_id": card["message_id"]}
    place.telegram.call("editMessageText", {**here, "text": "Case 7, claimed"})
    expect(message(page, "Case 7, claimed")).to_contain_text("edited")

    place.send(
        text="Your answer, @olena?",
        reply_parameters={"message_id": card["message_id"]},
        reply_markup={"force_reply": True, "selective": True, "input_field_placeholder": "Answer"},
    )
    expect(page.get_by_test_id("reply-bar")).to_contain_text("Your answer")
    expect(page.get_by_test_id("composer")).to_be_focused()
    page.get_by_test_id("composer").fill("We are sorry")
    page.get_by_test_id("send").click()
    expect(message(page, "We are sorry")).to_be_visible()
    sent = place.updates(offset=update["update_id"] + 1, timeout=5)[0]["message"]
    assert sent["reply_to_message"]["text"] == "Your answer, @olena?"
    assert sent["message_thread_id"] == place.topic


def test_one_is_asked_for_a_reply_only_if_it_is_oneself(open_page, place):
    page = open_page()
    page.get_by_test_id(f"persona-{place.andrii.id}").click()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    place.send(text="Your answer, @olena?", reply_markup={"force_reply": True, "selective": True})
    message(page, "Your answer").wait_for()
    expect(page.get_by_test_id("reply-bar")).to_be_hidden()
    page.get_by_test_id(f"persona-{place.olena.id}").click()
    expect(page.get_by_test_id("reply-bar")).to_be_visible()


def test_one_writes_as_whom_one_chose(open_page, place):
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    page.get_by_test_id(f"persona-{place.andrii.id}").click()
    page.get_by_test_id("composer").fill("Good morning")
    page.get_by_test_id("composer").press("Enter")
    message(page, "Good morning").wait_for()
    assert place.telegram.messages(place.staff)[-1]["from"]["id"] == place.andrii.id


def test_a_slash_offers_the_commands(open_page, place):
    commands = [{"command": name, "description": f"About {name}"} for name in ("inbox", "case", "help")]
    place.telegram.call("setMyCommands", {"commands": commands})
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    page.get_by_test_id("composer").fill("/")
    expect(page.get_by_test_id("command")).to_have_count(3)
    page.get_by_test_id("composer").fill("/ca")
    page.get_by_test_id("command").click()
    expect(page.get_by_test_id("composer")).to_have_value("/case ")


def test_a_reaction_is_set_and_taken_back(open_page, place):
    sent = place.send(text="A card")
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    message(page, "A card").hover()
    page.get_by_test_id("react").last.click()
    page.get_by_role("button", name="👀").click()
    page.get_by_test_id("reaction").wait_for()
    assert place.telegram.reactions(place.staff, sent["message_id"]) == {place.olena.id: ["👀"]}
    page.get_by_test_id("reaction").click()
    expect(page.get_by_test_id("reaction")).to_have_count(0)


def test_buttons_open_links_and_copy_texts(open_page, place):
    place.send(text="A card", reply_markup=KEYS)
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    link = page.get_by_test_id("button").filter(has_text="Open")
    expect(link).to_have_attribute("href", "http://127.0.0.1:8000/t/7")
    expect(link).to_have_attribute("target", "_blank")
    page.get_by_test_id("button").filter(has_text="Copy").click()
    expect(page.get_by_test_id("toast")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "Dear Stepan"


def test_an_answer_as_an_alert_must_be_dismissed(open_page, place):
    place.send(text="A card", reply_markup=KEYS)
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    page.get_by_test_id("button").filter(has_text="Claim").click()
    query = place.updates(timeout=5)[0]["callback_query"]
    answer = {"callback_query_id": query["id"], "text": "Only staff may", "show_alert": True}
    place.telegram.call("answerCallbackQuery", answer)
    expect(page.get_by_test_id("alert")).to_contain_text("Only staff may")
    page.get_by_test_id("alert").get_by_role("button").click()
    expect(page.get_by_test_id("alert")).to_be_hidden()


def test_what_others_wrote_is_never_markup(open_page, place):
    evil = "<img src=x onerror=alert(1)><b>x</b>"
    mallory = place.telegram.add_user(evil)
    town = place.telegram.add_group(evil, [place.olena, mallory])
    place.telegram.write(mallory, town, evil)
    page = open_page()
    page.get_by_test_id(f"chat-{town.id}").click()
    expect(page.locator(".text").last).to_contain_text(evil)
    assert page.locator("img").count() == 1  # the one that waits for a photo to show
    expect(page.get_by_test_id("chat-title")).to_have_text(evil)


def test_unread_messages_are_counted_until_they_are_seen(open_page, place):
    page = open_page()
    page.get_by_test_id(f"chat-{place.olena.id}").click()
    row = page.get_by_test_id(f"chat-{place.staff.id}")
    place.telegram.write(place.andrii, place.staff, "One")
    place.telegram.write(place.andrii, place.staff, "Two")
    expect(row.get_by_test_id("unread")).to_have_text("2")
    row.click()
    expect(row.get_by_test_id("unread")).to_have_text("")


def test_photos_are_shown_and_documents_downloaded(open_page, place, picture):
    file = place.telegram.world.files.add("digest.html", "text/html", b"<p>47</p>")
    photo = place.telegram.world.files.add("chart.png", "image/png", picture)
    place.telegram.call("sendPhoto", {"chat_id": place.staff.id, "photo": photo.id})
    place.telegram.call("sendDocument", {"chat_id": place.staff.id, "document": file.id})
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    assert (
        page.get_by_role("img", name="Photo").evaluate(
            "image => image.decode().then(() => image.naturalWidth)"
        )
        == 60
    )
    with page.expect_download() as download:
        page.get_by_role("link", name="digest.html").click()
    assert download.value.suggested_filename == "digest.html"


def test_a_person_sends_a_picture(open_page, place, picture):
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    photo = {"name": "screen.png", "mimeType": "image/png", "buffer": picture}
    page.get_by_test_id("file").set_input_files(photo)
    page.get_by_role("img", name="Photo").wait_for()
    assert place.updates(timeout=5)[0]["message"]["photo"][0]["width"] == 60


def test_what_the_bot_offers_inline_is_sent(open_page, place):
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    page.get_by_test_id("composer").fill("@vidhuk_bot sorry")
    query = place.updates(timeout=5)[0]["inline_query"]
    content = {"message_text": "We are sorry"}
    article = {"type": "article", "id": "s", "title": "Sorry", "input_message_content": content}
    place.telegram.call("answerInlineQuery", {"inline_query_id": query["id"], "results": [article]})
    page.get_by_test_id("result").click()
    expect(message(page, "We are sorry")).to_contain_text("We are sorry")


def test_a_link_to_a_message_of_ours_stays_on_the_page(open_page, place):
    town = place.telegram.add_group("Town", [place.olena], username="town_square")
    wrote = place.telegram.write(place.olena, town, "Where is my parcel?")
    place.send(text=f"See https://t.me/town_square/{wrote['message_id']}")
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    message(page, "See https").get_by_role("link").click()
    expect(page.get_by_test_id("chat-title")).to_have_text("Town")
    expect(message(page, "Where is my parcel?")).to_be_visible()


def test_topics_are_apart(open_page, place):
    place.send(text="In general")
    place.send(text="In complaints", message_thread_id=place.topic)
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    page.get_by_test_id(f"topic-{place.topic}").click()
    expect(message(page, "In complaints")).to_be_visible()
    expect(message(page, "In general")).to_have_count(0)
    page.get_by_test_id("composer").fill("Here")
    page.get_by_test_id("composer").press("Enter")
    message(page, "Here").wait_for()
    assert place.telegram.messages(place.staff)[-1]["message_thread_id"] == place.topic


def test_a_phone_shows_one_pane_at_a_time(open_page, place):
    place.send(text="A card", reply_markup=KEYS)
    page = open_page(390, 844, touch=True)
    expect(page.get_by_test_id("composer")).to_be_hidden()
    page.get_by_test_id(f"chat-{place.staff.id}").tap()
    expect(page.get_by_test_id("composer")).to_be_visible()
    expect(page.get_by_test_id(f"chat-{place.staff.id}")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_test_id("back").tap()
    expect(page.get_by_test_id(f"chat-{place.staff.id}")).to_be_visible()


def test_what_the_bot_sets_up_later_shows_at_once(open_page, place):
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    topic = place.telegram.call("createForumTopic", {"chat_id": place.staff.id, "name": "Digest"})
    expect(page.get_by_test_id(f"topic-{topic['message_thread_id']}")).to_have_text("Digest")
    sent = place.send(text="Rules of the house", message_thread_id=topic["message_thread_id"])
    pin = {"chat_id": place.staff.id, "message_id": sent["message_id"]}
    place.telegram.call("pinChatMessage", pin)
    expect(page.get_by_test_id("pinned")).to_have_text("Rules of the house")
    place.telegram.call("setMyCommands", {"commands": [{"command": "inbox", "description": "Open cases"}]})
    page.get_by_test_id("composer").fill("/")
    expect(page.get_by_test_id("command")).to_have_text("/inboxOpen cases")
    gone = {"chat_id": place.staff.id, "message_thread_id": topic["message_thread_id"]}
    place.telegram.call("deleteForumTopic", gone)
    expect(message(page, "Rules of the house")).to_have_count(0)


def test_a_link_that_starts_the_bot_opens_the_chat_with_it(open_page, place):
    place.send(text="Join: https://t.me/vidhuk_bot?start=Abc-9_x")
    page = open_page()
    page.get_by_test_id(f"chat-{place.staff.id}").click()
    page.get_by_role("link", name="t.me/vidhuk_bot").click()
    message(page, "/start Abc-9_x").wait_for()
    assert place.telegram.messages(place.private)[-1]["text"] == "/start Abc-9_x"

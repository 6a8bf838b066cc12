"""python-telegram-bot, as it is, against the stand-in."""

import asyncio
import io

import pytest
from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputTextMessageContent,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, Conflict, EndPointNotFound, Forbidden, RetryAfter
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from demo.telegram import serve

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Claim", callback_data="claim:7", style="primary")]])


def build(url, *, limiter=True):
    builder = (
        ApplicationBuilder().token("4242:sesame").base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")
    )
    return (builder.rate_limiter(AIORateLimiter(max_retries=2)) if limiter else builder).build()


def played(place, handlers, people):
    """Run a bot with these handlers while people (a function, in a thread) do what they do."""

    async def play(url):
        app: Application = build(url)
        app.add_handlers(handlers)
        async with app:
            await app.start()
            await app.updater.start_polling(allowed_updates=Update.ALL_TYPES)
            await asyncio.to_thread(place.telegram.wait_for_bot)
            try:
                return await asyncio.to_thread(people)
            finally:
                await app.updater.stop()
                await app.stop()

    with serve(place.telegram) as url:
        return asyncio.run(play(url))


def asked(place, call):
    """What one call of the library gives."""

    async def ask(url):
        app = build(url, limiter=False)
        async with app:
            return await call(app.bot)

    with serve(place.telegram) as url:
        return asyncio.run(ask(url))


def test_a_command_a_press_an_edit_and_a_forced_reply(place):
    telegram, staff = place.telegram, place.staff

    async def card(update, context):
        await update.message.reply_html("<b>Case 7</b> &amp; more", reply_markup=KEYS)

    async def claim(update, context):
        await update.callback_query.answer("Yours")
        await update.callback_query.edit_message_text("Claimed")
        await update.effective_message.reply_text(
            "Your answer?", reply_markup=ForceReply(selective=True, input_field_placeholder="Answer")
        )

    async def answer(update, context):
        await update.message.reply_text(f"{update.message.reply_to_message.text} {update.message.text}")

    def find(text):
        return telegram.wait_for(lambda: [m for m in telegram.messages(staff) if m.get("text") == text])[0]

    def people():
        telegram.write(place.olena, staff, "/case 7", topic=place.topic)
        pressed = telegram.press(place.olena, staff, find("Case 7 & more")["message_id"], "Claim")
        assert telegram.answer(pressed).text == "Yours"
        question = find("Your answer?")
        assert "edit_date" in find("Claimed")
        telegram.write(place.olena, staff, "Sorry!", reply_to=question["message_id"])
        return find("Your answer? Sorry!")

    handlers = [
        CommandHandler("case", card),
        CallbackQueryHandler(claim, pattern="^claim:"),
        MessageHandler(filters.REPLY & filters.TEXT & ~filters.COMMAND, answer),
    ]
    last = played(place, handlers, people)
    assert last["message_thread_id"] == place.topic


def test_a_reaction_and_an_inline_query(place):
    telegram, staff = place.telegram, place.staff
    sent = place.send()

    async def reacted(update, context):
        emoji = update.message_reaction.new_reaction[0].emoji
        await context.bot.set_message_reaction(staff.id, sent["message_id"], emoji)

    async def offer(update, context):
        content = InputTextMessageContent("We are sorry")
        await update.inline_query.answer([InlineQueryResultArticle("s", "Sorry", content)])

    def people():
        telegram.react(place.olena, staff, sent["message_id"], "👀")
        telegram.wait_for(lambda: telegram.bot.id in telegram.reactions(staff, sent["message_id"]))
        query = telegram.ask_inline(place.olena, staff, "sorry")
        telegram.wait_for(lambda: query.results)
        return telegram.pick(query, staff, "s")

    picked = played(place, [MessageReactionHandler(reacted), InlineQueryHandler(offer)], people)
    assert picked["text"] == "We are sorry"
    assert telegram.reactions(staff, sent["message_id"])[telegram.bot.id] == ["👀"]


def test_photos_are_uploaded_shown_again_and_captioned(place, picture):
    async def call(bot):
        sent = await bot.send_photo(place.staff.id, picture, caption="Week <b>47</b>", parse_mode="HTML")
        again = await bot.send_photo(place.staff.id, sent.photo[-1].file_id)
        return sent, again, await sent.edit_caption("Week 48")

    sent, again, edited = asked(place, call)
    assert (sent.photo[-1].width, sent.photo[-1].height) == (60, 40)
    assert again.photo == sent.photo
    assert (sent.caption, edited.caption) == ("Week 47", "Week 48")


def test_documents_albums_and_downloads(place):
    async def call(bot):
        sent = await bot.send_document(
            place.staff.id, io.BytesIO(b"<p>47</p>"), filename="digest.html", caption="47"
        )
        media = [InputMediaDocument(b"one", filename="1.txt"), InputMediaDocument(b"two", filename="2.txt")]
        album = await bot.send_media_group(place.staff.id, media)
        file = await sent.document.get_file()
        return sent, album, bytes(await file.download_as_bytearray())

    sent, album, content = asked(place, call)
    assert (sent.document.file_name, sent.caption) == ("digest.html", "47")
    assert [message.document.file_size for message in album] == [3, 3]
    assert content == b"<p>47</p>"


def test_topics_commands_and_chats(place):
    async def call(bot):
        topic = await bot.create_forum_topic(place.staff.id, "Digest")
        await bot.edit_forum_topic(place.staff.id, topic.message_thread_id, name="Digests")
        await bot.close_forum_topic(place.staff.id, topic.message_thread_id)
        await bot.reopen_forum_topic(place.staff.id, topic.message_thread_id)
        await bot.set_my_commands([("help", "What I can do")])
        sent = await bot.send_message(place.staff.id, "Pinned", message_thread_id=topic.message_thread_id)
        await sent.pin()
        chat = await bot.get_chat(place.staff.id)
        me = await bot.get_chat_member(place.staff.id, bot.id)
        reply = ReplyParameters(sent.message_id, quote="Pin")
        quoted = await bot.send_message(place.staff.id, "Quoted", reply_parameters=reply)
        return chat, me, quoted, await bot.get_my_commands()

    chat, me, quoted, commands = asked(place, call)
    assert chat.is_forum
    assert chat.pinned_message.text == "Pinned"
    assert me.can_manage_topics
    assert (quoted.quote.text, quoted.reply_to_message.text) == ("Pin", "Pinned")
    assert [command.command for command in commands] == ["help"]


def test_refusals_arrive_as_the_librarys_own_errors(place):
    async def call(bot):
        with pytest.raises(BadRequest, match="Can't parse entities"):
            await bot.send_message(place.staff.id, "<b>x", parse_mode="HTML")
        with pytest.raises(EndPointNotFound):
            await bot.do_api_request("sendRichMessage", api_kwargs={"chat_id": 1})
        place.telegram.block(place.olena)
        with pytest.raises(Forbidden):
            await bot.send_message(place.olena.id, "x")
        place.telegram.world.limits.on = True
        for _ in range(20):
            await bot.send_message(place.staff.id, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(place.staff.id, "x")

    asked(place, call)


def test_two_bots_that_poll_are_in_conflict(place):
    async def play(url):
        first, second = build(url), build(url)
        async with first, second:
            waiting = asyncio.create_task(first.bot.get_updates(timeout=20))
            await asyncio.to_thread(place.telegram.wait_for_bot)
            assert await second.bot.get_updates(timeout=0) == ()
            with pytest.raises(Conflict):
                await waiting

    with serve(place.telegram) as url:
        asyncio.run(play(url))

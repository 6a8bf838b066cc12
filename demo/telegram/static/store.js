// What the page knows, and what follows from it.
import { ask } from "./api.js";

export const ALL = 0; // every topic at once
export const GENERAL = 1;

export const store = { me: null, bot: null, world: "", personas: [], links: [], chats: new Map(), chat: null, topic: ALL, seen: new Map() };

/** Read everything anew; gives the number of the last change. */
export async function load() {
  const state = await ask("state");
  if (!state) return null;
  const { bot, personas, links, world, seq } = state;
  if (store.world && store.world !== world) store.seen.clear();
  Object.assign(store, { bot, personas, links, world });
  store.me = personas.find(({ id }) => id === (store.me?.id ?? Number(sessionStorage.getItem("me")))) ?? personas[0] ?? null;
  store.chats = new Map(state.chats.map((chat) => [chat.id, keyed(chat)]));
  if (store.chat) store.chat = store.chats.get(store.chat.id) ?? null;
  return seq;
}

function keyed(chat) {
  return { ...chat, messages: new Map(chat.messages.map((message) => [message.message_id, message])), typing: "" };
}

/** Take a change in; gives the chat that it is about. */
export function take(change) {
  let chat = store.chats.get(change.chat);
  if (change.kind === "deleted") chat?.messages.delete(change.message);
  else if (change.body?.message_id && chat) chat.messages.set(change.body.message_id, change.body);
  else if (change.body?.title) {
    chat = Object.assign(chat ?? {}, keyed(change.body));
    store.chats.set(chat.id, chat);
  }
  return chat;
}

/** The chats of who we are, the last spoken in first. */
export function myChats() {
  const mine = [...store.chats.values()].filter((chat) => chat.members.includes(store.me?.id));
  const shown = mine.filter((chat) => chat.type !== "private" || chat.id === store.me.id);
  return shown.sort((a, b) => (lastOf(b)?.date ?? 0) - (lastOf(a)?.date ?? 0));
}

export const titleOf = (chat) => (chat.type === "private" ? store.bot.name : chat.title);

export const topicOf = (message) => message.message_thread_id ?? GENERAL;

/** The messages of a chat, or of one topic. */
export function messagesOf(chat, topic = ALL) {
  const every = [...chat.messages.values()].sort((a, b) => a.message_id - b.message_id);
  return topic === ALL ? every : every.filter((message) => topicOf(message) === topic);
}

export const lastOf = (chat) => messagesOf(chat).at(-1);

const seenKey = (chat, topic) => `${store.me?.id}/${chat.id}/${topic}`;

/** We have read this far. */
export function markSeen(chat, topic) {
  for (const message of messagesOf(chat, topic)) {
    const key = seenKey(chat, chat.is_forum ? topicOf(message) : ALL);
    store.seen.set(key, Math.max(store.seen.get(key) ?? 0, message.message_id));
  }
}

/** How many messages of others are new to us. */
export function unread(chat, topic = ALL) {
  return messagesOf(chat, topic).filter((message) => {
    const key = seenKey(chat, chat.is_forum ? topicOf(message) : ALL);
    return message.from.id !== store.me?.id && message.message_id > (store.seen.get(key) ?? 0);
  }).length;
}

/** The message that forces us to reply: asked of us, and nothing of ours came after it. */
export function forcedReply(chat, topic) {
  for (const message of messagesOf(chat, topic).reverse()) {
    if (message.from.id === store.me?.id) return null;
    if (message.markup?.force_reply && isForMe(message)) return message;
  }
  return null;
}

function isForMe(message) {
  if (!message.markup.selective) return true;
  if (message.replied && message.reply_to_message?.from.id === store.me.id) return true;
  return (message.entities ?? []).some(
    (entity) => entity.user?.id === store.me.id || entity.type === "mention" && message.text.substr(entity.offset + 1, entity.length - 1) === store.me.username,
  );
}

/** Where a t.me link leads within our chats: [chat, message id], or null. */
export function placeOf(url) {
  const found = /^https?:\/\/t\.me\/(?:c\/(\d+)|(\w+))((?:\/\d+)+)\/?(?:\?.*)?$/.exec(url);
  if (!found) return null;
  const [, number, name, numbers] = found;
  const chat = [...store.chats.values()].find((each) => (number ? String(each.id) === `-100${number}` : each.username?.toLowerCase() === name.toLowerCase()));
  return chat ? [chat, Number(numbers.split("/").at(-1))] : null;
}

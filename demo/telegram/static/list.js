// The strip at the top and the chats at the left.
import { avatar, byId, clock, el } from "./dom.js";
import { myChats, lastOf, store, titleOf, unread } from "./store.js";
import { summary } from "./text.js";

/** Links of the demo, and who one may be. */
export function drawStrip(become) {
  const links = store.links.map(({ label, url }) => el("a", { href: url, target: "_blank", rel: "noopener" }, label));
  byId("links").replaceChildren(...links);
  byId("personas").replaceChildren(...store.personas.map((person) => persona(person, become)));
}

function persona(person, become) {
  const chosen = person.id === store.me?.id;
  const attributes = { type: "button", class: "persona", role: "radio", "aria-checked": String(chosen), "data-testid": `persona-${person.id}` };
  return el("button", { ...attributes, on: { click: () => become(person) } }, avatar(person.id, person.name), person.name);
}

/** All chats of who we are. */
export function drawChats(open) {
  const chats = myChats();
  byId("chats").replaceChildren(...chats.map((chat) => el("li", {}, row(chat, open))));
  const count = chats.reduce((sum, chat) => sum + unread(chat), 0);
  document.title = count ? `(${count}) Telegram stand-in` : "Telegram stand-in";
}

function row(chat, open) {
  const last = lastOf(chat);
  const count = unread(chat);
  const who = last && chat.type !== "private" && !last.forum_topic_created ? `${last.from.id === store.me.id ? "You" : last.from.first_name}: ` : "";
  const attributes = { type: "button", class: "chat-row", "data-testid": `chat-${chat.id}`, "aria-current": String(chat === store.chat) };
  return el(
    "button",
    { ...attributes, on: { click: () => open(chat) } },
    avatar(chat.type === "private" ? store.bot.id : chat.id, titleOf(chat)),
    el("span", { class: "title" }, titleOf(chat)),
    last ? el("time", {}, clock(last.date)) : null,
    el("span", { class: "last" }, last ? who + summary(last).slice(0, 90) : "No messages yet"),
    el("span", { class: "count", "data-testid": "unread", "aria-label": count ? `${count} unread` : null }, count ? String(count) : ""),
  );
}

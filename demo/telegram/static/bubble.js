// One message as a bubble.
import { avatar, clock, colour, el, icon } from "./dom.js";
import { richText, serviceText, summary } from "./text.js";
import { ALL, store } from "./store.js";

const REACTIONS = ["👍", "👀", "❤", "🔥", "🙏", "😢", "🤔", "💩"];
const REPLY = "M9 7L4 12l5 5M4 12h9c4 0 7 2 7 6";
const SMILE = "M12 3a9 9 0 100 18 9 9 0 000-18M8.5 14.500c1.8 2.3 5.200 2.3 7 0M9 9.5v.5M15 9.5v.5";

/** The element of a message; `acts` is what one can do with it. */
export function bubble(message, acts) {
  const said = serviceText(message);
  const attributes = { "data-testid": "message", "data-message-id": message.message_id, "data-from": message.from.id, id: `m${message.message_id}` };
  if (said) return el("li", { class: "service", ...attributes }, said);
  const mine = message.from.id === store.me?.id;
  const keyboard = message.reply_markup?.inline_keyboard;
  const kind = `message${mine ? " mine" : ""}${keyboard ? " wide" : ""}`;
  const stack = el("div", { class: "stack" }, body(message, mine, acts), keyboard ? keys(message, keyboard, acts) : null);
  const grouped = store.chat.type !== "private" && !mine;
  return el("li", { class: kind, ...attributes }, grouped ? avatar(message.from.id, message.from.first_name) : null, stack, tools(message, acts));
}

function body(message, mine, acts) {
  const box = el("div", { class: "bubble" });
  if (!mine && store.chat.type !== "private") box.append(sender(message));
  if (message.replied && message.reply_to_message) box.append(quote(message, acts));
  if (message.photo) box.append(photo(message, acts));
  if (message.document) box.append(file(message.document));
  const text = message.text ?? message.caption;
  const words = el("div", { class: "text" });
  if (text) words.append(richText(text, message.entities ?? message.caption_entities, acts.follow));
  words.append(meta(message));
  box.append(words);
  if (message.reactions?.length) box.append(reactions(message, acts));
  return box;
}

function sender(message) {
  const via = message.via_bot ? el("span", { class: "via" }, ` via @${message.via_bot.username}`) : null;
  const topic = store.topic === ALL && store.chat.topics.find(({ id }) => id === message.message_thread_id);
  const where = topic ? el("span", { class: "where" }, topic.name) : null;
  return el("div", { class: `sender n${colour(message.from.id)}` }, el("span", {}, message.from.first_name, via), where);
}

function quote(message, acts) {
  const to = message.reply_to_message;
  const words = message.quote?.text ?? summary(to);
  const open = { click: () => acts.jump(to.message_id) };
  return el("button", { type: "button", class: `quote n${colour(to.from.id)}`, on: open }, el("b", {}, to.from.first_name), el("span", {}, words.slice(0, 200)));
}

function photo(message, acts) {
  const { file_id: id, width, height } = message.photo.at(-1);
  const image = el("img", { src: `/chat/file/${id}`, alt: message.caption ?? "Photo", width, height, loading: "lazy" });
  return el("button", { type: "button", class: "photo", on: { click: () => acts.show(image.src) } }, image);
}

function file({ file_id: id, file_name: name, file_size: size }) {
  const round = el("span", { class: "round" }, icon("M6 3h8l5 5v13H6zM14 3v5h5"));
  const words = el("span", {}, el("b", {}, name), el("small", {}, bytes(size)));
  return el("a", { class: "file", href: `/chat/file/${id}`, download: name }, round, words);
}

function bytes(size) {
  if (size < 1024) return `${size} B`;
  return size < 1048576 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1048576).toFixed(1)} MB`;
}

function meta(message) {
  const edited = message.edit_date ? "edited " : "";
  return el("time", { class: "meta" }, edited + clock(message.date));
}

function reactions(message, acts) {
  const row = el("div", { class: "reactions" });
  for (const { emoji, users } of message.reactions) {
    const pressed = users.includes(store.me?.id);
    const names = users.map((id) => nameOf(id)).join(", ");
    const attributes = { type: "button", class: "reaction", "data-testid": "reaction", "aria-pressed": String(pressed), title: names, "aria-label": `${emoji} ${names}` };
    row.append(el("button", { ...attributes, on: { click: () => acts.react(message, pressed ? [] : [emoji]) } }, emoji, el("span", {}, String(users.length))));
  }
  return row;
}

function nameOf(id) {
  const known = [store.bot, ...store.personas].find((person) => person.id === id);
  return known?.name ?? [...store.chat.messages.values()].find(({ from }) => from.id === id)?.from.first_name ?? "Somebody";
}

function keys(message, rows, acts) {
  return el("div", { class: "keyboard" }, ...rows.map((row) => el("div", { class: "keys" }, ...row.map((button) => key(message, button, acts)))));
}

function key(message, button, acts) {
  const kind = button.url ? "url" : button.copy_text ? "copy" : "press";
  const attributes = { class: `key ${button.style ?? ""}`, "data-testid": "button", "data-kind": kind };
  if (kind === "url") {
    const link = el("a", { ...attributes, href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.text);
    link.addEventListener("click", (event) => acts.follow(button.url, event));
    return link;
  }
  const node = el("button", { type: "button", ...attributes }, button.text);
  node.addEventListener("click", () => acts.press(message, button, node));
  return node;
}

function tools(message, acts) {
  const box = el("div", { class: "tools" });
  const reply = { type: "button", class: "tool", "data-testid": "reply", "aria-label": "Reply", on: { click: () => acts.reply(message) } };
  const react = { type: "button", class: "tool", "data-testid": "react", "aria-label": "React", on: { click: () => pick(box, message, acts) } };
  box.append(el("button", react, icon(SMILE)), el("button", reply, icon(REPLY)));
  return box;
}

/** Offer the reactions until something is pressed. */
function pick(box, message, acts) {
  document.querySelector(".picker")?.remove();
  const picker = el("div", { class: "picker", role: "group", "aria-label": "Reactions" });
  for (const emoji of REACTIONS) picker.append(el("button", { type: "button", "aria-label": emoji, on: { click: () => acts.react(message, [emoji]) } }, emoji));
  box.parentElement.append(picker);
  setTimeout(() => document.addEventListener("click", () => picker.remove(), { once: true }));
}

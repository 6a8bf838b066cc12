// The page: one chat open, live.
import { ask, follow } from "./api.js";
import { bubble } from "./bubble.js";
import { obeyForcedReply, resetComposer, setReply, startComposer, suggest } from "./composer.js";
import { alertBox, avatar, byId, day, el, toast } from "./dom.js";
import { drawChats, drawStrip } from "./list.js";
import { ALL, GENERAL, load, markSeen, messagesOf, myChats, placeOf, store, take, titleOf, topicOf, unread } from "./store.js";
import { serviceText, summary } from "./text.js";

const TOPIC_COLOURS = { 7322096: "#6fb9f0", 16766590: "#ffd67e", 13338331: "#cb86db", 9367192: "#8eee98", 16749490: "#ff93b2", 16478047: "#fb6f5f" };
const NEAR_END = 90; // pixels: whoever is this near follows along
const GROUP_S = 300; // messages of one person within this time stand together
const scroll = byId("scroll");
const list = byId("messages");

const acts = {
  reply: (message) => setReply(message),
  react: (message, emoji) => ask("react", { ...place(), message: message.message_id, emoji }),
  jump,
  follow: followLink,
  show: (source) => {
    byId("photo-image").src = source;
    byId("photo").showModal();
  },
  press,
};

const place = () => ({ as: store.me.id, chat: store.chat.id });

async function press(message, button, node) {
  if (button.copy_text) return copy(button.copy_text.text);
  if (!button.callback_data) return toast("This button does nothing here.");
  if (node.ariaBusy === "true") return;
  node.ariaBusy = "true";
  const answer = await ask("press", { ...place(), message: message.message_id, data: button.callback_data });
  node.ariaBusy = "false";
  if (!answer) return;
  if (answer.url) window.open(answer.url, "_blank", "noopener");
  if (answer.text) (answer.alert ? alertBox : toast)(answer.text);
}

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    toast("Copied to the clipboard");
  } catch {
    toast("The browser does not let this page copy");
  }
}

/** A t.me link to a chat of ours, or one that starts the bot, stays on the page. */
function followLink(url, event) {
  if (/^https:\/\/t\.me\/\w+\?start=/.test(url)) {
    event.preventDefault();
    return startBot(url);
  }
  const found = placeOf(url);
  if (!found) return;
  event.preventDefault();
  const [chat, messageId] = found;
  if (!chat.members.includes(store.me.id)) return toast(`${store.me.name} is not in ${chat.title}`);
  if (chat !== store.chat) open(chat);
  jump(messageId);
}

async function startBot(url) {
  const started = await ask("start", { as: store.me.id, url });
  const chat = started && store.chats.get(started.chat);
  if (chat && chat !== store.chat) open(chat);
}

function jump(messageId) {
  if (!byId(`m${messageId}`) && store.topic !== ALL) choose(ALL);
  const node = byId(`m${messageId}`);
  if (!node) return toast("That message is gone");
  node.scrollIntoView({ block: "center" });
  node.classList.add("flash");
  setTimeout(() => node.classList.remove("flash"), 1300);
}

function open(chat) {
  store.chat = chat;
  store.topic = ALL;
  document.body.dataset.pane = "chat";
  byId("chat").hidden = false;
  drawChat();
  resetComposer();
}

function choose(topic) {
  store.topic = topic;
  drawChat();
  resetComposer();
}

function become(person) {
  store.me = person;
  sessionStorage.setItem("me", person.id);
  const still = store.chat && myChats().includes(store.chat);
  if (!still) close();
  drawStrip(become);
  if (store.chat) drawChat();
  drawChats(open);
  resetComposer();
}

function close() {
  const mine = store.chats.get(store.me.id);
  if (store.chat?.type === "private" && mine) return (store.chat = mine);
  store.chat = null;
  byId("chat").hidden = true;
  document.body.dataset.pane = "list";
}

function drawChat() {
  drawHead();
  drawMessages();
  toEnd();
  seen();
}

function drawHead() {
  const { chat } = store;
  const title = titleOf(chat);
  if (store.topic > GENERAL && !chat.topics.some(({ id }) => id === store.topic)) store.topic = ALL;
  byId("chat-avatar").replaceWith(avatar(chat.type === "private" ? store.bot.id : chat.id, title, { id: "chat-avatar" }));
  byId("chat-title").textContent = title;
  byId("chat-status").textContent = chat.typing || (chat.type === "private" ? "bot" : chat.names.join(", "));
  drawTopics();
  const pinned = chat.messages.get(chat.pinned.at(-1));
  byId("pinned").hidden = !pinned;
  byId("pinned").textContent = summary(pinned);
  byId("pinned").onclick = () => jump(pinned.message_id);
}

function drawTopics() {
  const { chat } = store;
  byId("topics").hidden = !chat.is_forum;
  const topics = [{ id: ALL, name: "All" }, { id: GENERAL, name: "General" }, ...chat.topics];
  byId("topics").replaceChildren(...topics.map(topicTab));
}

function topicTab({ id, name, color, closed }) {
  const dot = color ? el("span", { class: "dot" }) : null;
  if (dot) dot.style.background = TOPIC_COLOURS[color] ?? "#888";
  const count = id === ALL ? 0 : unread(store.chat, id);
  const attributes = { type: "button", class: "topic", role: "tab", "aria-selected": String(store.topic === id), "data-testid": `topic-${id}` };
  return el("button", { ...attributes, on: { click: () => choose(id) } }, dot, closed ? `${name} 🔒` : name, el("span", { class: "count" }, count ? String(count) : ""));
}

/** What did not change keeps its element: opened quotes stay open, and nothing is read out twice. */
function drawMessages() {
  const nodes = [];
  let before = null;
  for (const message of messagesOf(store.chat, store.topic)) {
    if (!before || day(before.date) !== day(message.date)) nodes.push(once(day(message.date), () => el("li", { class: "service" }, day(message.date))));
    const node = once(JSON.stringify(message), () => bubble(message, acts));
    const follows = stands(before, message);
    node.classList.toggle("follows", follows);
    node.classList.remove("continues");
    if (follows) nodes.at(-1).classList.add("continues");
    nodes.push(node);
    before = message;
  }
  drawn = new Map([...drawn].filter(([, node]) => nodes.includes(node)));
  nodes.forEach((node, i) => list.children[i] === node || list.insertBefore(node, list.children[i] ?? null));
  while (list.children.length > nodes.length) list.lastChild.remove();
}

let drawn = new Map();

function once(content, make) {
  const key = `${store.me?.id}/${store.chat.id}/${store.topic}/${content}`;
  if (!drawn.has(key)) drawn.set(key, make());
  return drawn.get(key);
}

/** Does a message stand together with the one before it? */
function stands(before, message) {
  return Boolean(before) && before.from.id === message.from.id && !serviceText(before) && !serviceText(message) && !before.reply_markup && message.date - before.date < GROUP_S && topicOf(before) === topicOf(message);
}

const nearEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END;

let atEnd = true;

function toEnd() {
  scroll.scrollTop = scroll.scrollHeight;
  atEnd = true;
}

/** What is on the screen is read. */
function seen() {
  if (store.chat && !document.hidden && nearEnd() && isShown()) markSeen(store.chat, store.topic);
  const below = store.chat ? unread(store.chat, store.topic) : 0;
  byId("below").textContent = below || "";
  byId("to-end").hidden = nearEnd();
  drawChats(open);
  if (store.chat?.is_forum) drawTopics();
}

const isShown = () => byId("chat").offsetParent !== null || byId("chat").offsetWidth > 0;

function onScroll() {
  atEnd = nearEnd();
  seen();
}

function onChange(change) {
  const chat = take(change);
  if (change.kind === "action" && chat) return showTyping(chat, change.action);
  if (!chat || chat !== store.chat) return drawChats(open);
  chat.typing = "";
  const follows = atEnd || change.body?.from?.id === store.me?.id;
  const at = scroll.scrollTop;
  drawHead();
  drawMessages();
  if (follows) toEnd();
  else scroll.scrollTop = at;
  if (obeyForcedReply()) toEnd();
  if (change.kind === "commands") suggest();
  seen();
}

function showTyping(chat, action) {
  chat.typing = action === "typing" ? `${store.bot.name} is typing…` : `${store.bot.name} is sending a file…`;
  if (chat === store.chat) drawHead();
  setTimeout(() => {
    chat.typing = "";
    if (chat === store.chat) drawHead();
  }, 5000);
}

async function reload() {
  const seq = await load();
  if (seq === null) return null;
  drawStrip(become);
  if (store.chat) drawChat();
  drawChats(open);
  return seq;
}

startComposer();
scroll.addEventListener("scroll", onScroll, { passive: true });
const sizes = new ResizeObserver(() => atEnd && toEnd()); // a picture came, the composer grew
sizes.observe(scroll);
sizes.observe(list);
document.addEventListener("visibilitychange", seen);
byId("to-end").addEventListener("click", toEnd);
byId("back").addEventListener("click", () => {
  store.chat = null;
  document.body.dataset.pane = "list";
  byId("chat").hidden = true;
  drawChats(open);
});

const seq = await reload();
if (matchMedia("(min-width: 761px)").matches && myChats()[0]) open(myChats()[0]);
follow(seq ?? 0, onChange, reload);

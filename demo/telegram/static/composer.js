// Where one writes: replies, the menu of commands, what the bot offers inline, files.
import { ask, upload } from "./api.js";
import { byId, el } from "./dom.js";
import { ALL, GENERAL, forcedReply, store } from "./store.js";
import { summary } from "./text.js";

const text = byId("text");
const menu = byId("menu");
const PLACEHOLDER = "Message";
const INLINE_DELAY_MS = 250;
let replyTo = null;
const forcedSeen = new Set();
let inlineTimer = 0;

/** Reply to a message, or to none. */
export function setReply(message, placeholder = PLACEHOLDER) {
  replyTo = message;
  byId("reply-bar").hidden = !message;
  byId("reply-name").textContent = message ? `Reply to ${message.from.first_name}` : "";
  byId("reply-text").textContent = message ? (message.quote?.text ?? summary(message)).slice(0, 160) : "";
  text.placeholder = placeholder;
  if (message) text.focus();
}

/** If the bot asked us for a reply, make it one; each such question is put once. Gives whether it did. */
export function obeyForcedReply() {
  const message = store.chat && forcedReply(store.chat, store.topic);
  const question = message && `${store.me.id}/${store.chat.id}/${message.message_id}`;
  if (!message || forcedSeen.has(question)) return false;
  forcedSeen.add(question);
  setReply(message, message.markup.input_field_placeholder ?? PLACEHOLDER);
  return true;
}

/** Another chat, topic or person: nothing half written is carried over. */
export function resetComposer() {
  setReply(null);
  text.value = "";
  menu.hidden = true;
  obeyForcedReply();
}

/** Where a message would go. */
function where() {
  const topic = store.topic === ALL || store.topic === GENERAL ? 0 : store.topic;
  return { as: store.me.id, chat: store.chat.id, topic: replyTo?.message_thread_id ?? topic };
}

async function send() {
  const words = text.value.trim();
  if (!words || !store.chat) return;
  const sent = await ask("write", { ...where(), text: words, reply_to: replyTo?.message_id ?? null });
  if (!sent) return;
  text.value = "";
  menu.hidden = true;
  setReply(null);
}

async function sendFile(file) {
  if (!file) return;
  const sent = await upload(where(), file, text.value.trim());
  byId("file").value = "";
  if (sent) text.value = "";
}

/** Offer what fits the words so far. */
export function suggest() {
  const words = text.value;
  const inline = `@${store.bot.username} `;
  clearTimeout(inlineTimer);
  if (words.toLowerCase().startsWith(inline)) {
    inlineTimer = setTimeout(() => offerInline(words.slice(inline.length)), INLINE_DELAY_MS);
  } else if (/^\/\w*$/.test(words)) {
    offerCommands(words.slice(1).toLowerCase());
  } else menu.hidden = true;
}

const commands = () => store.chat?.commands[store.me.id] ?? [];

function offerCommands(begin) {
  const found = commands().filter(({ command }) => command.startsWith(begin));
  show(found.map(({ command, description }) => option("command", `/${command}`, description, () => type(`/${command} `))));
}

async function offerInline(query) {
  const asked = await ask("inline", { ...where(), query });
  if (!asked || !text.value.startsWith("@")) return;
  show(asked.results.map((result) => option("result", result.title, result.description, () => pick(asked.query, result.id))));
}

async function pick(query, result) {
  if (!(await ask("pick", { ...where(), query, result, reply_to: replyTo?.message_id ?? null }))) return;
  type("");
  setReply(null);
}

function option(kind, title, description, choose) {
  const node = el("button", { type: "button", class: "option", role: "option", "data-testid": kind, "aria-selected": "false" }, el("b", {}, title), el("span", {}, description));
  node.addEventListener("click", choose);
  return node;
}

function show(options) {
  menu.replaceChildren(...options);
  menu.hidden = options.length === 0;
  options[0]?.setAttribute("aria-selected", "true");
}

function type(words) {
  text.value = words;
  menu.hidden = true;
  text.focus();
}

function move(step) {
  const options = [...menu.children];
  const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const next = options[(at + step + options.length) % options.length];
  options.forEach((each) => each.setAttribute("aria-selected", String(each === next)));
  next.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  const open = !menu.hidden;
  if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape") {
    menu.hidden = true;
    setReply(null);
  } else if (event.key === "Tab" && open) {
    event.preventDefault();
    menu.querySelector('[aria-selected="true"]').click();
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    const known = commands().some(({ command }) => `/${command}` === text.value.trim());
    if (open && !known) menu.querySelector('[aria-selected="true"]').click();
    else send();
  }
}

/** Listen. */
export function startComposer() {
  byId("compose").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  text.addEventListener("keydown", onKey);
  text.addEventListener("input", suggest);
  byId("reply-cancel").addEventListener("click", () => setReply(null));
  byId("attach").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", () => sendFile(byId("file").files[0]));
}

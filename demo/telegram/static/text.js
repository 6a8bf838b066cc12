// Text with entities becomes nodes. Offsets are UTF-16 units: those of JavaScript's own strings.
import { el } from "./dom.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };

/** Text and its entities as nodes; entities nest. */
export function richText(text, entities = [], onLink = () => {}) {
  const box = document.createDocumentFragment();
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(box, text, sorted, 0, text.length, onLink);
  return box;
}

function fill(parent, text, entities, from, to, onLink) {
  let at = from;
  for (let i = 0; i < entities.length; ) {
    const entity = entities[i];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || end <= entity.offset) {
      i += 1;
      continue;
    }
    parent.append(text.slice(at, entity.offset));
    let next = i + 1;
    while (next < entities.length && entities[next].offset < end) next += 1;
    const node = element(entity, text.slice(entity.offset, end), onLink);
    fill(node, text, entities.slice(i + 1, next), entity.offset, end, onLink);
    parent.append(node);
    at = end;
    i = next;
    if (/^(pre|blockquote|expandable_blockquote)$/.test(entity.type) && text[at] === "\n") at += 1; // a block ends its line
  }
  parent.append(text.slice(at, to));
}

function element(entity, text, onLink) {
  switch (entity.type) {
    case "pre":
      return el("pre");
    case "blockquote":
      return el("blockquote");
    case "expandable_blockquote":
      return expandable();
    case "spoiler":
      return spoiler();
    case "text_link":
    case "url":
      return link(entity.url ?? text, onLink);
    case "email":
      return link(`mailto:${text}`, onLink);
    case "mention":
    case "text_mention":
    case "hashtag":
    case "bot_command":
      return el("a", { "data-kind": entity.type });
    default:
      return el(TAGS[entity.type] ?? "span");
  }
}

function expandable() {
  const quote = el("blockquote", { class: "expandable short", role: "button", tabindex: "0", "aria-expanded": "false" });
  const toggle = () => quote.setAttribute("aria-expanded", String(!quote.classList.toggle("short")));
  quote.addEventListener("click", (event) => event.target.closest("a") || toggle());
  quote.addEventListener("keydown", (event) => event.key === "Enter" && toggle());
  return quote;
}

function spoiler() {
  const box = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden text, press to show" });
  const show = () => {
    box.classList.add("shown");
    box.removeAttribute("aria-label");
  };
  box.addEventListener("click", show);
  box.addEventListener("keydown", (event) => event.key === "Enter" && show());
  return box;
}

function link(url, onLink) {
  const safe = /^(https?|mailto|tg):/i.test(url) ? url : `http://${url}`;
  const node = el("a", { href: safe, target: "_blank", rel: "noopener noreferrer" });
  node.addEventListener("click", (event) => onLink(safe, event));
  return node;
}

/** One line of what a message says. */
export function summary(message) {
  if (!message) return "";
  if (message.text) return message.text;
  if (message.photo) return `🖼 ${message.caption ?? "Photo"}`;
  if (message.document) return `📎 ${message.caption ?? message.document.file_name}`;
  return serviceText(message) ?? "";
}

/** What a service message says, or null for any other. */
export function serviceText(message) {
  const name = message.from.first_name;
  if (message.forum_topic_created) return `${name} created the topic “${message.forum_topic_created.name}”`;
  if (message.forum_topic_edited) return `${name} renamed the topic to “${message.forum_topic_edited.name}”`;
  if (message.forum_topic_closed) return `${name} closed the topic`;
  if (message.forum_topic_reopened) return `${name} reopened the topic`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} left the group`;
  return null;
}

// What the page asks of the server.
import { toast } from "./dom.js";

/** Ask; an error is shown and gives null. */
export async function ask(name, body = {}) {
  try {
    return await request(`/chat/${name}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  } catch (error) {
    toast(error.message);
    return null;
  }
}

/** Send a file. */
export async function upload(where, file, caption) {
  const query = new URLSearchParams({ ...where, name: file.name, caption });
  try {
    return await request(`/chat/upload?${query}`, { method: "PUT", body: file });
  } catch (error) {
    toast(error.message);
    return null;
  }
}

async function request(path, options) {
  const answer = await fetch(path, options);
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error ?? `The server answered ${answer.status}.`);
  return body;
}

/** Tell of every change from `since` on, for ever; a lost server is asked again each second. */
export async function follow(since, onChange, onReset) {
  for (;;) {
    try {
      const news = await request("/chat/changes", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ since }),
      });
      if (news.reset) since = await onReset();
      else since = news.seq;
      for (const change of news.changes) onChange(change);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      since = (await onReset().catch(() => since)) ?? since;
    }
  }
}

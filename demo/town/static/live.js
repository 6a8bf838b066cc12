// New posts appear by themselves: each [data-live] part of the page is fetched again and replaced when it changed.
const EVERY = 4000;

async function refresh() {
  const answer = await fetch(location.pathname + location.search, { cache: "no-cache" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const parts = fresh.querySelectorAll("[data-live]");
  document.querySelectorAll("[data-live]").forEach((old, place) => replace(old, parts[place]));
}

function replace(old, fresh) {
  if (!fresh || old.innerHTML === fresh.innerHTML) return;
  const known = new Set([...old.querySelectorAll("[id]")].map((element) => element.id));
  old.replaceChildren(...fresh.childNodes);
  for (const element of old.querySelectorAll("article[id]")) {
    if (!known.has(element.id)) element.classList.add("new");
  }
}

async function watch() {
  if (!document.hidden) await refresh().catch(() => {});
  setTimeout(watch, EVERY);
}

if (document.querySelector("[data-live]")) setTimeout(watch, EVERY);

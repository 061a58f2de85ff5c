import { tellTimes } from "./when.js";

// Keeps the parts of a page (data-part) inside data-live as they are on the server now.
const PAUSES = { starting: 1500, stopping: 1500 }; // milliseconds
const USUAL_PAUSE = 4000, HIDDEN_PAUSE = 15000;

// what somebody is typing into must not be swept away
const inUse = (part) =>
  part.contains(document.activeElement) ||
  [...part.querySelectorAll("input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);

const nameOf = (part) => part.querySelector(".state-name")?.textContent;

const replace = (part, fresh) => {
  if (part.innerHTML === fresh.innerHTML || inUse(part)) return;
  const before = nameOf(part);
  part.replaceChildren(...fresh.childNodes);
  const now = nameOf(part);
  if (now === before) return;
  document.getElementById("announce").textContent = `${now}.`;
  part.dispatchEvent(new CustomEvent("state", { bubbles: true }));
};

const look = async (live) => {
  const answer = await fetch(live.dataset.live, { headers: { Accept: "text/html" } });
  if (answer.redirected) location.reload(); // the session has ended
  if (!answer.ok || answer.redirected) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  tellTimes(fresh.content);
  for (const part of live.querySelectorAll("[data-part]")) {
    const same = fresh.content.querySelector(`[data-part="${part.dataset.part}"]`);
    if (same) replace(part, same);
  }
};

const keepLooking = (live) => {
  const state = live.querySelector("[data-state]").dataset.state;
  const pause = document.hidden ? HIDDEN_PAUSE : PAUSES[state] || USUAL_PAUSE;
  // a look that fails changes nothing; the next may succeed
  setTimeout(() => look(live).catch(() => {}).finally(() => keepLooking(live)), pause);
};

document.querySelectorAll("[data-live]").forEach(keepLooking);

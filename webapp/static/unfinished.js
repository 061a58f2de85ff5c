// A verse that broke off: a reload finds by its id what was already written. The id stays with the
// tab, and nowhere else.
import { dropUnfinished, isEmpty, showBar, showPlan } from "./sheet.js";
import { recall } from "./sounds.js";

const NAME = "unfinished", RELOAD = 60; // seconds within which a page is taken for reloaded
const path = (id) => `/api/verses/unfinished/${encodeURIComponent(id)}`;

// where the browser allows no storage, a reload finds nothing
const stored = (change) => {
  try {
    return change(sessionStorage);
  } catch {
    return null;
  }
};

export const remember = (id) => stored((storage) => storage.setItem(NAME, id));
export const forget = () => stored((storage) => storage.removeItem(NAME));
export const known = () => stored((storage) => storage.getItem(NAME));

// its bars so far, or with an address all of them; nothing if there is none
const find = async () => {
  const id = known();
  if (!id) return null;
  const answer = await fetch(path(id), { headers: { Accept: "application/json" } });
  if (answer.status === 404) forget();
  return answer.ok ? answer.json() : null;
};

// who writes it stops, and the place in the queue is free, even where nobody hears that we have left
export const callOff = (token) => {
  const id = known();
  forget();
  if (id) fetch(path(id), { method: "DELETE", headers: { "X-CSRFToken": token }, keepalive: true }).catch(() => {});
};

let page = null; // what this one does for us
const button = document.getElementById("rest");

const show = (verse) => {
  recall(verse.request.sounds ?? {});
  showPlan(page.lettersOf(verse.request));
  verse.bars.forEach((bar) => showBar(bar, bar.index < verse.request.opening.length));
};

const writeRest = (verse) => {
  show(verse);
  return page.ask(verse.request, { opening: verse.request.opening.length, restOf: verse.id });
};

const showFinished = (verse) => {
  show(verse);
  page.showSaved(verse);
  page.report("The verse was finished meanwhile.");
};

// after a reload it goes on by itself; of what broke off earlier, the rest is offered
const takeUp = async () => {
  const verse = await find();
  if (!verse || !isEmpty()) return;
  if (verse.url) return showFinished(verse);
  const written = verse.bars.length;
  const reloaded = verse.seconds_ago <= RELOAD;
  if (!written && !reloaded) return forget();
  if (reloaded && page.mayWrite()) return writeRest(verse);
  if (!written) return;
  show(verse);
  dropUnfinished();
  button.hidden = false;
  page.report(`This verse broke off: ${written} of ${verse.request.bars} bars were written.`);
};

export const begin = (given) => {
  page = given;
  button.addEventListener("click", async () => {
    const verse = await find().catch(() => null);
    if (verse) await (verse.url ? showFinished(verse) : writeRest(verse));
    else page.tell("What was written is gone, or cannot be reached. Ask again.");
  });
  takeUp().catch(() => {}); // without an answer there is only nothing to go on with
};

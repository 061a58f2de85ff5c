// Asks for a verse and shows its events as they stream in.
import * as pin from "./pin.js";
import * as rework from "./rework.js";
import { soundsFor } from "./sounds.js";
import { dropUnfinished, isEmpty, showBar, showPlan, showToken } from "./sheet.js";
import { placeWords } from "./place.js";
import * as unfinished from "./unfinished.js";

const find = (id) => document.getElementById(id);
const form = find("ask"), sheet = find("sheet"), progress = find("progress"), said = find("said");
const write = find("write"), stop = find("stop"), rest = find("rest"), done = find("done"), whyNot = find("why-not");
const FIELDS = [
  "opening", "topic", "bars", "scheme", "rhyme", "syllables", "language", "temperature", "top_p", "seed",
];
const NUMBERS = ["bars", "syllables", "temperature", "top_p", "seed"];
const LOST = "The connection was lost. Try again in a moment.";
const STOPPED = { Stop: "Stopped.", Cancel: "Cancelled. Your place is free." };
const SOON = "It appears here, word by word.";
let leaving = null;
let asked = null; // the verse that is being asked for: its wish, how, its bars so far

const report = (text) => {
  if (progress.textContent !== text) progress.textContent = text;
};

// the form

const chosen = (name) => form.querySelector(`[name=${name}]:checked`);
const planned = () => (chosen("scheme")?.dataset.plan || "").slice(0, Number(chosen("bars")?.value));

const lettersOf = ({ scheme, bars }) => {
  const choice = form.querySelector(`[name=scheme][value="${CSS.escape(scheme)}"]`);
  return (choice?.dataset.plan || "").slice(0, bars);
};

const allowWriting = () => {
  const ready = document.querySelector("[data-state]").dataset.state === "ready";
  write.disabled = rest.disabled = leaving !== null || !ready;
  whyNot.hidden = ready;
  const state = document.querySelector(".state-name").textContent;
  whyNot.textContent = ready ? "" : `${state}. You can write when it is ready.`;
};

const givenBars = () =>
  find("opening").value.split("\n").map((bar) => bar.trim()).filter(Boolean).length;

const countBars = () => {
  const bars = find("opening").value.split("\n").map((bar) => bar.trim()).filter(Boolean);
  const longest = Math.max(0, ...bars.map((bar) => bar.length));
  const count = find("opening-count");
  count.hidden = bars.length === 0;
  count.textContent = `${bars.length} of 4 bars, the longest has ${longest} of 120 characters.`;
  count.classList.toggle("over", bars.length > 4 || longest > 120);
};

const numberOf = (text) => (Number.isNaN(Number(text)) ? text : Number(text));

// what was left empty is left out
const wish = () => {
  const given = [...new FormData(form)].filter(([name, text]) => !["csrf_token", "pin", "wall"].includes(name) && text.trim());
  const asked = Object.fromEntries(given);
  for (const name of NUMBERS) if (name in asked) asked[name] = numberOf(asked[name]);
  if ("internal" in asked) asked.internal = true;
  const sounds = soundsFor([asked.opening || ""]);
  if (Object.keys(sounds).length) asked.sounds = sounds;
  return asked;
};

const tell = (message) => {
  said.textContent = message;
  said.hidden = !message;
};

const tellFields = (problems) => {
  const sentences = (name) => {
    const messages = problems.filter((each) => each.field === name).map((each) => each.message);
    return [...new Set(messages)].map((text) => text[0].toUpperCase() + text.slice(1)).join(" ");
  };
  for (const name of FIELDS) {
    const place = find(`${name}-error`);
    place.textContent = sentences(name);
    place.hidden = !place.textContent;
    find(name)?.setAttribute("aria-invalid", String(!place.hidden));
  }
  const first = FIELDS.find(sentences);
  find(first)?.closest("details")?.setAttribute("open", "");
  if (first) (find(first) || chosen(first)).focus();
};

// the verse

const showEvent = {
  begun: ({ id }) => unfinished.remember(id),
  queued: (place) => {
    report(placeWords(place));
    find("place-kept").hidden = asked.quiet;
  },
  start: () => {
    report("Writing.");
    find("place-kept").hidden = true;
    stop.textContent = "Stop";
    if (asked.quiet) return;
    rework.withdraw(); // from here on there is something else to see
    if (!asked.restOf) showPlan(lettersOf(asked.wish));
    done.hidden = true;
  },
  token: (token) => asked.quiet || showToken(token),
  bar: (bar) => {
    asked.bars.push(bar);
    if (asked.quiet) return;
    showBar(bar, bar.index < asked.opening);
    report(`Bar ${bar.index + 1}: ${bar.text}`);
  },
  verse: (verse) => report(`Written in ${verse.seconds.toFixed(1)} s.`),
  saved: ({ url }) => {
    find("address").href = url;
    done.hidden = false;
    asked.saved = true;
    unfinished.forget();
    rework.offer(asked.wish, asked.bars, asked.opening, asked.kept);
  },
  error: ({ code, message, remedy }) => {
    tell(`${message} ${remedy}`);
    if (code === "elsewhere") unfinished.forget();
    if (code !== "not_kept") report("The verse was not finished.");
  },
};

const readEvents = async (body) => {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "", last = "";
  for (;;) {
    const { value, done: ended } = await reader.read();
    if (ended) break;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const text of events) {
      const data = text.split("\n").find((line) => line.startsWith("data: "));
      const event = JSON.parse(data.slice(6));
      last = event.event;
      showEvent[last]?.(event);
    }
  }
  if (!["saved", "error", ...(asked.quiet ? ["verse"] : [])].includes(last)) throw new Error("the stream ended early");
};

const refuse = async (answer) => {
  const { code, message, remedy, fields = [] } = await answer.json();
  if (code === "pin_needed") {
    report(SOON);
    return pin.demand(`${message} ${remedy}`);
  }
  tellFields(fields);
  const elsewhere = fields.filter((each) => !FIELDS.includes(each.field)).map((each) => each.message);
  const marked = fields.length > elsewhere.length ? ["Correct the fields that are marked."] : [];
  tell([message, ...elsewhere, ...marked, ...(fields.length ? [] : [remedy])].join(" "));
  report(SOON);
};

const addressOf = ({ restOf }) => {
  if (restOf) return `?rest_of=${encodeURIComponent(restOf)}`;
  return form.elements.wall.checked ? "?wall=yes" : "";
};

const request = (signal) =>
  fetch(form.dataset.stream + addressOf(asked), {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(asked.restOf ? {} : asked.wish),
    signal,
  });

// on a phone the sheet lies below the form
const showSheet = () => {
  if (sheet.getBoundingClientRect().top < innerHeight / 2) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  sheet.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
};

const begin = () => {
  leaving = new AbortController();
  tell("");
  tellFields([]);
  if (!asked.quiet && isEmpty()) showPlan(lettersOf(asked.wish));
  rest.hidden = true;
  stop.hidden = false;
  stop.textContent = "Cancel";
  sheet.classList.add("writing");
  allowWriting();
  report("Asking the model.");
};

const end = () => {
  const focused = document.activeElement === stop;
  leaving = null;
  // a wish that came to nothing leaves what was there before
  const back = !asked.quiet && !asked.saved && rework.restore();
  if (back) done.hidden = false;
  else dropUnfinished();
  if (isEmpty()) showPlan(planned());
  rest.hidden = back || asked.quiet || asked.saved || !unfinished.known() || isEmpty();
  find("place-kept").hidden = stop.hidden = true;
  sheet.classList.remove("writing");
  allowWriting();
  if (focused) write.focus(); // the button that had the focus is gone
};

// `quiet` asks for other bars for a place: they are returned, and the sheet stays as it is
const ask = async (wish, { quiet = false, kept = [], opening = givenBars(), restOf = "" } = {}) => {
  if (leaving) return [];
  asked = { wish, quiet, kept, opening, restOf, bars: [], saved: false };
  begin();
  try {
    if (!(await pin.give(leaving.signal))) {
      report(SOON);
      return [];
    }
    if (!asked.quiet) showSheet();
    const answer = await request(leaving.signal);
    await (answer.ok ? readEvents(answer.body) : refuse(answer));
  } catch (error) {
    report(error.name === "AbortError" ? STOPPED[stop.textContent] : "The verse was not finished.");
    if (error.name !== "AbortError") tell(LOST);
  } finally {
    end();
  }
  return asked.bars;
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!leaving && !write.disabled) ask(wish());
});
form.addEventListener("change", () => {
  if (!leaving && isEmpty()) showPlan(planned());
});
find("opening").addEventListener("input", countBars);
stop.addEventListener("click", () => {
  if (!leaving) return;
  leaving.abort();
  if (!asked.quiet) unfinished.callOff(form.elements.csrf_token.value);
});
document.addEventListener("state", allowWriting);
rework.begin(ask);
allowWriting();
countBars();
if (isEmpty()) {
  showPlan(planned());
  report(SOON);
}
unfinished.begin({
  ask, report, tell, lettersOf,
  mayWrite: () => !leaving && !write.disabled,
  showSaved: (verse) => {
    asked = { wish: verse.request, bars: verse.bars, opening: verse.request.opening.length, kept: [] };
    showEvent.saved(verse);
  },
});

// The projector's page: asks every two seconds what is on the wall, and goes on when the network
// comes back. Hosts pin, hide and approve by keys or buttons.
const PAUSE = 2000, LONGEST_PAUSE = 15000; // milliseconds
const wall = document.getElementById("wall"), told = document.getElementById("wall-state");
const empty = document.getElementById("wall-empty"), waitingList = document.getElementById("wall-waiting");
const clock = document.getElementById("wall-clock"), problem = document.getElementById("wall-problem");
let chosen = "", latest = { verses: [], waiting: [] }, pause = PAUSE, lost = false;

const element = (name, className, text = "") => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

const markOf = (letter) => (letter ? (letter.charCodeAt(0) - 65) % 8 : -1);

const barRow = ({ text, letter }) => {
  const row = element("li", "bar");
  row.dataset.mark = String(markOf(letter));
  const cut = text.lastIndexOf(" ") + 1;
  const words = element("span", "words", text.slice(0, cut));
  words.append(element("span", "end", text.slice(cut)));
  row.append(element("span", "letter", letter || "·"), words);
  return row;
};

const verseCard = (verse) => {
  const card = element("article", verse.id === chosen ? "chosen" : "");
  card.id = verse.id;
  const list = element("ol", "verse");
  list.append(...verse.bars.map(barRow));
  const about = `${verse.topic || "Freestyle"}${verse.pinned ? " (pinned)" : ""}${verse.done ? "" : " …"}`;
  card.append(element("h2", "", about), list);
  if (wall.dataset.host) card.append(buttons(verse, [verse.pinned ? "unpin" : "pin", "hide"]));
  return card;
};

const buttons = (verse, deeds) => {
  const row = element("div", "tools");
  for (const deed of deeds) {
    const made = element("button", "quiet", { show: "Approve", hide: "Hide", pin: "Pin", unpin: "Unpin" }[deed]);
    made.type = "button";
    made.addEventListener("click", () => change(verse.id, deed));
    row.append(made);
  }
  return row;
};

// what did not happen is said: a host must not believe that a verse is gone which is not
const change = async (id, deed) => {
  const answer = await fetch(`/wall/${encodeURIComponent(id)}/${deed}`, {
    method: "POST",
    headers: { "X-CSRFToken": wall.dataset.token },
  }).catch(() => null);
  const done = answer?.ok && new URL(answer.url).pathname === location.pathname;
  problem.textContent = done ? "" : "That did not work. Load this page again, and sign in if need be.";
  await look();
};

const stateWords = ({ state, next_demo: demo }) => {
  if (lost) return "The connection is lost. It comes back by itself.";
  if (!state) return "";
  if (state === "ready") return "The model is ready.";
  if (state === "starting") return "The model is starting.";
  return demo ? `Next: ${demo.title}, ${new Date(demo.starts).toLocaleString()}.` : "The model is off.";
};

// the clock ticks for the eye alone; the words above change only when something does
const tick = () => {
  const { state, next_demo: demo } = latest;
  const seconds = demo ? Math.round((new Date(demo.starts) - Date.now()) / 1000) : 0;
  const counts = !lost && state !== "ready" && seconds > 0 && seconds < 24 * 3600;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  clock.textContent = counts ? parts.map((part) => String(part).padStart(2, "0")).join(":") : "";
};

const tellState = () => {
  const words = stateWords(latest);
  if (told.textContent !== words) told.textContent = words;
  tick();
};

const show = () => {
  tellState();
  empty.hidden = latest.verses.length > 0;
  const cards = latest.verses.map(verseCard);
  const same = (card) => document.getElementById(card.id)?.innerHTML === card.innerHTML
    && document.getElementById(card.id).className === card.className;
  const order = [...wall.querySelectorAll("article")].map((card) => card.id).join();
  if (order === cards.map((card) => card.id).join() && cards.every(same)) return;
  wall.querySelectorAll("article").forEach((card) => card.remove());
  wall.append(...cards);
};

// only hosts are told it, and the projector is a host's
const showPin = () => {
  const place = document.getElementById("wall-pin"), pins = latest.pins ?? [];
  if (!place) return;
  const words = `PIN ${pins.join(" or ")}`;
  if (place.textContent !== words) place.textContent = words;
  place.hidden = pins.length === 0;
};

const showWaiting = () => {
  if (!waitingList) return;
  const rows = (latest.waiting ?? []).map((verse) => {
    const words = verse.bars.map((bar) => bar.text).join(" / ");
    const row = element("li", "", `${verse.topic ? `“${verse.topic}”: ` : ""}${words}`);
    row.append(buttons(verse, ["show", "hide"]));
    return row;
  });
  if (waitingList.textContent !== rows.map((row) => row.textContent).join("")) waitingList.replaceChildren(...rows);
};

const look = async () => {
  const answer = await fetch(wall.dataset.wall);
  if (!answer.ok) throw new Error(String(answer.status));
  latest = await answer.json();
  lost = false;
  show();
  showPin();
  showWaiting();
};

const keepLooking = async () => {
  try {
    await look();
    pause = PAUSE;
  } catch {
    lost = true;
    tellState();
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
  setTimeout(keepLooking, pause);
};

const choose = (step) => {
  const ids = latest.verses.map((verse) => verse.id);
  const at = ids.indexOf(chosen);
  chosen = ids[(at + step + ids.length) % ids.length] ?? "";
  show();
};

const keys = {
  ArrowDown: () => choose(1),
  ArrowUp: () => choose(-1),
  p: (verse) => verse && change(verse.id, verse.pinned ? "unpin" : "pin"),
  h: (verse) => verse && change(verse.id, "hide"),
  a: () => latest.waiting?.[0] && change(latest.waiting[0].id, "show"),
};

if (wall.dataset.host) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act(latest.verses.find((verse) => verse.id === chosen) ?? latest.verses[0]);
  });
}
addEventListener("online", () => look().catch(() => {}));
setInterval(tick, 1000);
keepLooking();

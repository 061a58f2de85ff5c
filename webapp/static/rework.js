// Work on a finished verse: keep bars and write the others again, choose among other bars for a
// place, edit by hand, go on. What comes of it is heard by the server, and kept when it is asked to.
import { editField } from "./edit.js";
import { list, rowOf, showBar } from "./sheet.js";
import { soundsFor } from "./sounds.js";

const MOST_BARS = 16, MORE = 4, OTHERS = 4;
const panel = document.getElementById("rework");
let verse = null, ask = null;

const button = (text, label, act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = text;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
};

const places = () => [...verse.bars.keys()];
const isGiven = (place) => place < verse.opening;
const textsAt = (wanted) => Object.fromEntries(wanted.map((place) => [place, verse.bars[place].text]));

// the wish anew, with some bars standing; a seed would only write the same bars again
const wishWith = (kept, more = {}) => {
  const { seed, keep, alternatives, ...wish } = verse.wish;
  const opening = verse.bars.slice(0, verse.opening).map((each) => each.text);
  const keeping = textsAt(kept.filter((p) => !isGiven(p)));
  const sounds = soundsFor([...opening, ...Object.values(keeping)]);
  return { ...wish, opening, bars: verse.bars.length, keep: keeping, sounds, ...more };
};

const keepToggle = (place) => {
  const made = button("Keep", `Keep bar ${place + 1}`, () => {
    const kept = verse.kept.has(place);
    verse.kept[kept ? "delete" : "add"](place);
    made.setAttribute("aria-pressed", String(!kept));
    showAgain();
  });
  made.setAttribute("aria-pressed", String(verse.kept.has(place)));
  return made;
};

const showAgain = () => {
  const again = document.getElementById("again");
  const left = places().filter((place) => !isGiven(place) && !verse.kept.has(place));
  again.disabled = left.length === 0;
  again.textContent = verse.kept.size ? "Write the others again" : "Write it again";
};

const focusOn = (place, name) => rowOf(place).querySelector(`.${name}`)?.focus();

// candidates for one place, as buttons that put them there
const showOthers = (place, others) => {
  const row = rowOf(place);
  row.querySelector(".others")?.remove();
  const told = document.createElement("div");
  told.className = "others";
  for (const other of others) {
    told.append(button(other.text, `Take: ${other.text}`, () => {
      verse.bars[place] = other;
      refresh().then(() => focusOn(place, "tools button"));
    }));
  }
  told.append(button("Leave it as it is", "Leave it as it is", () => {
    told.remove();
    focusOn(place, "tools button");
  }));
  row.append(told);
  told.querySelector("button").focus();
};

const findOthers = async (place) => {
  const standing = places().filter((other) => other !== place);
  // the bar itself is kept as well, so that the others differ from it
  const wish = wishWith([...standing, place], { alternatives: { bar: place, count: OTHERS } });
  const found = await ask(wish, { quiet: true, opening: verse.opening });
  const others = found.filter((each) => each.index === place && each.attempts);
  if (others.length) showOthers(place, others);
};

const edit = (place) => {
  const end = () => {
    show();
    focusOn(place, "tools button");
  };
  const form = editField(verse.bars[place].text, `bar ${place + 1}`, isGiven(place), {
    hear: async (text) => {
      const { ok, body } = await composed(false, textsWith(place, text));
      return ok ? body.bars[place] : null;
    },
    save: async (text) => {
      const bar = verse.bars[place];
      verse.bars[place] = { ...bar, text, attempts: 0 };
      if (!(await refresh())) {
        verse.bars[place] = bar;
        return;
      }
      if (!isGiven(place)) verse.kept.add(place);
      end();
    },
    back: () => {
      say("");
      end();
    },
  });
  rowOf(place).querySelector(".words").replaceChildren(form);
  form.querySelector("input").focus();
};

const addTools = (place) => {
  const tools = document.createElement("span");
  tools.className = "tools";
  if (!isGiven(place)) {
    tools.append(keepToggle(place), button("Other bars", `Other bars for place ${place + 1}`, () => findOthers(place)));
  }
  tools.append(button("Edit", `Edit bar ${place + 1}`, () => edit(place)));
  rowOf(place).append(tools);
};

const say = (text) => {
  document.getElementById("rework-said").textContent = text;
};

const LOST = "The connection was lost. Try again in a moment.";
const textsWith = (place, text) => verse.bars.map((each, at) => (at === place ? text : each.text));
const composed = (keep, bars = textsWith()) =>
  fetch(list.dataset.composed, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      request: verse.wish,
      bars,
      written: places().filter((place) => verse.bars[place].attempts),
      keep,
    }),
  })
    .then(async (answer) => ({ ok: answer.ok, body: await answer.json() }))
    .catch(() => ({ ok: false, body: { fields: [], message: LOST } }));

// the verse as it is heard now; what is wrong with it is said, and changes nothing
const refresh = async () => {
  const { ok, body } = await composed(false);
  say(ok ? "" : body.fields.map((field) => field.message).join(" ") || body.message);
  if (!ok) return false;
  verse.bars = body.bars.map((each, place) => ({ ...verse.bars[place], ...each }));
  verse.changed = true;
  show();
  return true;
};

const show = () => {
  verse.bars.forEach((each, place) => {
    showBar(each, isGiven(place));
    addTools(place);
  });
  showAgain();
  document.getElementById("address").hidden = verse.changed;
  document.getElementById("keep-it").hidden = !verse.changed;
};

// what was there before a wish that came to nothing
export const restore = () => {
  if (!verse) return false;
  panel.hidden = false;
  list.replaceChildren();
  show();
  return true;
};

// a finished verse may be worked on: its wish, its bars, and which of them the visitor keeps
export const offer = (wish, bars, opening, kept) => {
  // a bar that was kept comes back as given; who wrote it stays known
  const before = new Map(verse?.bars.map((each) => [each.text, each.attempts]));
  for (const each of bars) each.attempts = each.attempts || before.get(each.text) || 0;
  verse = { wish, bars, opening, kept: new Set(kept), changed: false };
  panel.hidden = false;
  show();
};

export const withdraw = () => {
  panel.hidden = true;
  list.querySelectorAll(".tools, .others").forEach((each) => each.remove());
};

export const begin = (asking) => {
  ask = asking;
  document.getElementById("again").addEventListener("click", () => {
    ask(wishWith([...verse.kept]), { kept: [...verse.kept], opening: verse.opening });
  });
  document.getElementById("go-on").addEventListener("click", () => {
    const all = verse.bars.length;
    if (all + MORE <= MOST_BARS) {
      const kept = places().filter((p) => !isGiven(p));
      return ask(wishWith(places(), { bars: all + MORE }), { kept, opening: verse.opening });
    }
    const { seed, keep, alternatives, ...wish } = verse.wish;
    const opening = verse.bars.slice(-MORE).map((each) => each.text);
    ask({ ...wish, opening, bars: 2 * MORE, sounds: soundsFor(opening) }, { opening: MORE });
  });
  document.getElementById("keep-it").addEventListener("click", async () => {
    const { ok, body } = await composed(true);
    say(ok ? "" : body.message);
    if (!ok) return;
    const address = document.getElementById("address");
    address.href = body.url;
    verse.changed = false;
    show();
    address.focus();
  });
};

// What can be heard in the visitor's own bars, told under the field while they are typed; a word
// that no list has may be corrected there.
import { guessRow } from "./guess.js";
import { soundsFor } from "./sounds.js";

const PAUSE = 400; // milliseconds without a key
const field = document.getElementById("opening"), list = document.getElementById("heard");
const rows = new Map(); // of the words that may be corrected
let waiting = null, asking = null;

const sentence = (bar) => {
  const most = bar.most_syllables > bar.syllables ? ` to ${bar.most_syllables}` : "";
  const rhyme = bar.rhyme ? `, rhymes on “${bar.rhyme}” (${bar.end})` : "";
  return `${bar.syllables}${most} syllables${rhyme}.`;
};

const tellBars = (bars) => {
  list.querySelectorAll(":scope > :not([data-word])").forEach((each) => each.remove());
  list.prepend(...bars.map((bar) => {
    const item = document.createElement("li");
    item.textContent = sentence(bar);
    return item;
  }));
};

// a row stays where it is as long as its word does: somebody may be typing in it
const tellWords = (bars) => {
  const told = bars.flatMap((bar) => bar.told).map((word) => ({ ...word, told: true }));
  const words = new Map([...bars.flatMap((bar) => bar.guessed), ...told].map((each) => [each.word, each]));
  for (const [word, row] of rows) {
    if (words.has(word)) continue;
    row.item.remove();
    rows.delete(word);
  }
  for (const [word, each] of words) {
    if (!rows.has(word)) {
      rows.set(word, guessRow(each, later, soon));
      list.append(rows.get(word).item);
    }
    rows.get(word).tell(each);
  }
};

const tell = (bars) => {
  tellBars(bars);
  tellWords(bars);
  list.hidden = bars.length === 0;
};

const refuse = ({ fields = [] }) => {
  const { value, message } = fields.find(({ field }) => field === "sounds") || {};
  const row = rows.get(value) || [...rows.values()].find((each) => each.isOpen());
  row && message ? row.refuse(message) : tell([]);
};

const listen = async () => {
  asking?.abort();
  if (!field.value.trim()) return tell([]);
  asking = new AbortController();
  const answer = await fetch(list.dataset.sound, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text: field.value, sounds: soundsFor([field.value]) }),
    signal: asking.signal,
  });
  const body = await answer.json();
  answer.ok ? tell(body.bars) : refuse(body);
};

// without an answer there is only less to read
const soon = () => {
  clearTimeout(waiting);
  listen().catch(() => {});
};

const later = () => {
  clearTimeout(waiting);
  waiting = setTimeout(soon, PAUSE);
};

field.addEventListener("input", later);
later();

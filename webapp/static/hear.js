// What can be heard in the visitor's own bars, told under the field while they are typed.
const PAUSE = 400; // milliseconds without a key
const field = document.getElementById("opening"), list = document.getElementById("heard");
let waiting = null, asking = null;

const sentence = (bar) => {
  const most = bar.most_syllables > bar.syllables ? ` to ${bar.most_syllables}` : "";
  const rhyme = bar.rhyme ? `, rhymes on “${bar.rhyme}” (${bar.end})` : "";
  const guesses = bar.guessed.map(({ word, said }) =>
    said ? `We hear “${word}” as ${said}.` : `We cannot hear “${word}”, only count it.`);
  return [`${bar.syllables}${most} syllables${rhyme}.`, ...guesses].join(" ");
};

const tell = (bars) => {
  list.replaceChildren(...bars.map((bar) => {
    const item = document.createElement("li");
    item.textContent = sentence(bar);
    return item;
  }));
  list.hidden = bars.length === 0;
};

const listen = async () => {
  asking?.abort();
  if (!field.value.trim()) return tell([]);
  asking = new AbortController();
  const answer = await fetch(list.dataset.sound, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text: field.value }),
    signal: asking.signal,
  });
  tell(answer.ok ? (await answer.json()).bars : []);
};

const later = () => {
  clearTimeout(waiting);
  // without an answer there is only less to read
  waiting = setTimeout(() => listen().catch(() => {}), PAUSE);
};

field.addEventListener("input", later);
later();

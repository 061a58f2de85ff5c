// The sheet on which a verse appears: planned rows, previews, finished bars.
export const list = document.getElementById("verse");

const element = (name, className, text) => {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const markOf = (letter) => (/[A-Z]/.test(letter || "") ? (letter.charCodeAt(0) - 65) % 8 : -1);

const plannedRow = (letter) => {
  const row = element("li", "bar planned");
  row.dataset.mark = String(markOf(letter));
  row.setAttribute("aria-hidden", "true"); // nothing to read yet
  row.append(element("span", "letter", letter), element("span", "words"));
  return row;
};

export const rowOf = (index) => {
  while (list.children.length <= index) list.append(plannedRow("·"));
  return list.children[index];
};

const RHYMES = {
  perfect: "rhymes with",
  mosaic: "rhymes with",
  multi: "nearly rhymes with",
  slant: "nearly rhymes with",
  promoted: "nearly rhymes with",
  eye: "rhymes only for the eye with",
  homophone: "sounds the same as",
  identical: "repeats the word of",
};
const rhymeWords = (rhyme) =>
  rhyme ? `${RHYMES[rhyme.kind] || "does not rhyme with"} bar ${rhyme.with + 1}` : "";

export const showPlan = (letters) => list.replaceChildren(...[...letters].map(plannedRow));

export const showToken = (token) => {
  const row = rowOf(token.bar);
  row.classList.replace("planned", "preview");
  row.querySelector(".words").append(token.text);
};

export const showBar = (bar) => {
  const row = rowOf(bar.index);
  const cut = bar.text.lastIndexOf(" ") + 1;
  const letter = element("span", "letter", bar.letter || "·");
  if (bar.letter) letter.title = `Rhyme ${bar.letter}`;
  const words = element("span", "words", bar.text.slice(0, cut));
  words.append(element("span", "end", bar.text.slice(cut)));
  const count = element("span", "count");
  count.append(element("span", "number", String(bar.syllables)), " ", element("span", "unit", "syll."));
  row.className = bar.attempts ? "bar settled" : "bar given";
  row.dataset.mark = String(markOf(bar.letter));
  row.removeAttribute("aria-hidden");
  row.replaceChildren(letter, words, count);
  const how = rhymeWords(bar.rhyme);
  if (how) row.append(element("span", "how", how));
  if (bar.note) row.append(element("span", "how", bar.note));
};

export const dropUnfinished = () =>
  list.querySelectorAll(".planned, .preview").forEach((row) => row.remove());

export const isEmpty = () => !list.querySelector(".settled, .given");

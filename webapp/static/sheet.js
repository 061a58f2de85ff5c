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
  accent: "rhymes with",
  eye: "rhymes only for the eye with",
  homophone: "sounds the same as",
  identical: "repeats the word of",
};
export const rhymeWords = (rhyme) =>
  rhyme ? `${RHYMES[rhyme.kind] || "does not rhyme with"} bar ${rhyme.with + 1}` : "";

// what a bar was to be and is not, each in a few words for its badge
export const missed = ({ syllables, target, rhyme, note }) => {
  const over = target === null ? 0 : syllables - target;
  const found = [];
  if (over) found.push(`${Math.abs(over)} ${Math.abs(over) === 1 ? "syllable" : "syllables"} ${over > 0 ? "over" : "short"}`);
  if (rhyme?.kind === "identical") found.push("same word again");
  else if (rhyme && (rhyme.kind === "eye" || !RHYMES[rhyme.kind])) found.push("no rhyme");
  return found.length || !note ? found : ["not as asked"];
};

const DOTS = { 1: "strong", 0: "weak", "?": "unheard" };
const stressDots = (stress) => {
  const dots = element("span", "stress");
  dots.setAttribute("role", "img");
  dots.setAttribute("aria-label", `${stress.split("1").length - 1} stressed`);
  dots.append(...[...stress].map((digit) => element("i", DOTS[digit])));
  return dots;
};

const badges = (texts) => {
  const made = element("span", "missed");
  for (const text of texts) made.append(element("strong", "badge", text), " ");
  return made;
};

export const showPlan = (letters) => list.replaceChildren(...[...letters].map(plannedRow));

export const showToken = (token) => {
  const row = rowOf(token.bar);
  row.classList.replace("planned", "preview");
  row.querySelector(".words").append(token.text);
};

const count = ({ syllables, target }, own) => {
  const made = element("span", "count");
  const aim = own || target === null ? " " : ` of ${target} `;
  made.append(element("span", "number", String(syllables)), aim, element("span", "unit", "syll."));
  return made;
};

// `own`: the bar is the visitor's, and has nothing to aim at
export const showBar = (bar, own = false) => {
  const row = rowOf(bar.index);
  const cut = bar.text.lastIndexOf(" ") + 1;
  const letter = element("span", "letter", bar.letter || "·");
  if (bar.letter) letter.title = `Rhyme ${bar.letter}`;
  const words = element("span", "words", bar.text.slice(0, cut));
  words.append(element("span", "end", bar.text.slice(cut)));
  row.className = bar.attempts ? "bar settled" : "bar given";
  row.dataset.mark = String(markOf(bar.letter));
  row.removeAttribute("aria-hidden");
  row.replaceChildren(letter, words, count(bar, own));
  if (bar.stress) row.append(stressDots(bar.stress));
  const how = rhymeWords(bar.rhyme);
  if (how) row.append(element("span", "how", how));
  const aims = own ? [] : missed(bar);
  if (aims.length) row.append(badges(aims));
  if (bar.note) row.append(element("span", "how", bar.note));
};

export const dropUnfinished = () =>
  list.querySelectorAll(".planned, .preview").forEach((row) => row.remove());

export const isEmpty = () => !list.querySelector(".settled, .given");

// The row of a word that no list has: how we hear it, and a field to say what it sounds like.
import { say, wayOf } from "./sounds.js";

const element = (name, properties) => Object.assign(document.createElement(name), properties);

const sentence = ({ written, said, told }) => {
  if (told) return `We say “${written}” your way: ${said}.`;
  return said ? `We hear “${written}” as ${said}.` : `We cannot hear “${written}”, only count it.`;
};

// `later` hears the bars anew after a pause, `soon` at once
export const guessRow = ({ word, written }, later, soon) => {
  const item = element("li", { className: "guess" });
  const words = element("span"), id = `sounds-${word}`;
  const open = element("button", { type: "button", className: "quiet", textContent: "Not so?" });
  const label = element("label", { htmlFor: id, textContent: `“${written}” sounds like` });
  const input = element("input", { id, maxLength: 100, autocomplete: "off", spellcheck: false, value: wayOf(word) });
  const hint = element("p", {
    id: `${id}-hint`, className: "hint", textContent: "Words that sound so, as in you via, or syllables, as in LOO-vee-ah.",
  });
  const error = element("p", { id: `${id}-error`, className: "error", role: "alert", hidden: true });
  const form = element("div", { id: `${id}-form`, className: "sounds-like", hidden: true });
  item.dataset.word = word;
  form.setAttribute("aria-live", "off"); // what is typed here need not be told again
  form.append(label, input, hint, error);
  input.setAttribute("aria-describedby", `${hint.id} ${error.id}`);
  open.setAttribute("aria-label", `Not so? Say what “${written}” sounds like`);
  open.setAttribute("aria-controls", form.id);
  item.append(words, " ", open, form);

  const show = (opened) => {
    form.hidden = !opened;
    open.setAttribute("aria-expanded", String(opened));
    (opened ? input : open).focus();
  };
  const refuse = (message) => {
    error.textContent = message;
    error.hidden = !message;
    input.setAttribute("aria-invalid", String(Boolean(message)));
  };
  open.setAttribute("aria-expanded", "false");
  open.addEventListener("click", () => show(form.hidden));
  input.addEventListener("input", () => {
    say(word, written, input.value);
    later();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
    if (event.key !== "Enter") return;
    event.preventDefault(); // the verse is not asked for yet
    soon();
  });

  const tell = (heard) => {
    if (words.textContent !== sentence(heard)) words.textContent = sentence(heard);
    if (wayOf(word)) say(word, heard.written, wayOf(word));
    refuse("");
  };
  return { item, tell, refuse, isOpen: () => !form.hidden };
};

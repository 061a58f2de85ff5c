// A bar in a field: what is typed is heard while it is typed, and goes into the verse when it is saved.
import { missed, rhymeWords } from "./sheet.js";

const PAUSE = 400; // milliseconds without a key

const button = (text, label) => {
  const made = document.createElement("button");
  made.textContent = text;
  made.setAttribute("aria-label", label);
  return made;
};

const sentence = (bar, own) => {
  const aim = own || bar.target === null ? "" : ` of ${bar.target}`;
  const aims = own ? [] : missed(bar);
  return [`${bar.syllables}${aim} syllables`, rhymeWords(bar.rhyme), ...aims].filter(Boolean).join(", ") + ".";
};

// `hear` gives the bar as it would be heard, or null; `save` and `back` end the editing
export const editField = (text, label, own, { hear, save, back }) => {
  const form = document.createElement("form"), field = document.createElement("input");
  const heard = document.createElement("span");
  let waiting = null;
  form.className = "edit";
  field.value = text;
  field.maxLength = 120;
  field.setAttribute("aria-label", `Words of ${label}`);
  heard.className = "hint";
  heard.setAttribute("role", "status");
  const leave = button("Cancel", "Cancel the change");
  leave.type = "button";
  leave.className = "quiet";
  form.append(field, button("Save", `Save ${label}`), leave, heard);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const typed = field.value, bar = await hear(typed);
      if (field.value === typed) heard.textContent = bar ? sentence(bar, own) : "";
    }, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    save(field.value);
  });
  leave.addEventListener("click", () => {
    clearTimeout(waiting);
    back();
  });
  return form;
};

// The panel under a finished verse that reads it aloud with a beat.
import { metronome } from "./metronome.js";
import { reader } from "./reader.js";
import { browserVoice } from "./voice.js";

const NO_VOICE = "This browser has no voice of its own, so there is only the beat. Read the marked bar yourself.";
const panel = document.getElementById("aloud"), list = document.getElementById("verse");
const begin = document.getElementById("read"), quiet = document.getElementById("quiet");
const field = document.getElementById("tempo"), told = document.getElementById("aloud-told");
const lamps = [...panel.querySelectorAll(".beats i")];
const voice = browserVoice();

const tempo = () => {
  const asked = Math.round(Number(field.value)) || Number(field.defaultValue);
  return Math.min(Number(field.max), Math.max(Number(field.min), asked));
};
const isReading = () => begin.getAttribute("aria-pressed") === "true";
const light = (beat) => lamps.forEach((lamp, place) => lamp.classList.toggle("on", place === beat));

const show = (reading) => {
  if (!reading && document.activeElement === quiet) begin.focus(); // the other goes away
  begin.setAttribute("aria-pressed", String(reading));
  quiet.hidden = !reading;
};

const stop = () => {
  if (!isReading()) return;
  beats.stop();
  reading.stop();
  light(-1);
  show(false);
};

const reading = reader(list, voice, () => {
  stop();
  told.textContent = "That was the verse.";
});
const beats = metronome((seconds) => {
  const beat = reading.beat(seconds);
  if (isReading()) light(beat);
}, reading.isFirst);

begin.addEventListener("click", () => {
  if (isReading()) return stop();
  told.textContent = voice.isThere() ? "" : NO_VOICE;
  field.value = tempo();
  show(true);
  beats.start(tempo());
});
quiet.addEventListener("click", stop);
field.addEventListener("change", () => {
  field.value = tempo();
  beats.setTempo(tempo());
});
// its surroundings are hidden when another verse is written
new MutationObserver(stop).observe(panel.parentElement, { attributeFilter: ["hidden"] });
// a page that is not seen has no even beats
document.addEventListener("visibilitychange", () => document.hidden && stop());
addEventListener("pagehide", stop);
panel.hidden = false;

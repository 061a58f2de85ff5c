// Reads a verse bar by bar to a beat: a bar takes four beats, and more only where the voice does.
const BEATS = 4, MOST_BEATS = 8;

// masked words are not spelled out; what is being edited is not read
const wordsOf = (row) =>
  row.querySelector(".edit") ? "" : row.querySelector(".words").textContent.replace(/\S*\*\S*/g, "bleep");

export const reader = (list, voice, onEnd) => {
  let place = -1, left = 0; // beats of the bar that is read

  const unmark = () => {
    for (const row of list.querySelectorAll(".read")) {
      row.classList.remove("read");
      row.removeAttribute("aria-current");
    }
  };

  const readNext = (seconds) => {
    voice.hush();
    unmark();
    place += 1;
    const row = list.children[place];
    if (!row) return onEnd();
    row.classList.add("read");
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
    left = BEATS;
    voice.say(wordsOf(row), Number(row.querySelector(".number").textContent), BEATS * seconds);
  };

  return {
    isFirst: () => left <= 0,
    // one beat; `seconds` to the next. Returns which beat of its bar it is, from 0
    beat(seconds) {
      if (left <= 0 && (!voice.isSpeaking() || left <= BEATS - MOST_BEATS)) readNext(seconds);
      left -= 1;
      return (2 * BEATS - 1 - left) % BEATS;
    },
    stop() {
      voice.hush();
      unmark();
      place = -1;
      left = 0;
    },
  };
};

// Asks for a verse and shows its events as they stream in.
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const form = find("ask"), list = find("verse"), progress = find("progress");
  const said = find("said"), write = find("write"), stop = find("stop"), done = find("done");
  const fields = ["opening", "topic", "bars", "scheme"];
  let leaving = null;

  const element = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  // the state of the model

  const stateNow = () => document.querySelector("#state [data-state]").dataset.state;
  const allowWriting = () => {
    write.disabled = leaving !== null || stateNow() !== "ready";
  };
  find("state").addEventListener("live", allowWriting);

  // the form

  const wish = () => {
    const given = new FormData(form);
    return {
      opening: given.get("opening").split("\n"),
      topic: given.get("topic"),
      bars: Number(given.get("bars")),
      scheme: given.get("scheme"),
    };
  };

  const tell = (message) => {
    said.textContent = message;
    said.hidden = !message;
  };

  const tellFields = (problems) => {
    for (const name of fields) {
      const problem = problems.find((each) => each.field === name);
      const place = find(`${name}-error`), input = find(name);
      place.textContent = problem ? problem.message : "";
      place.hidden = !problem;
      if (input) input.setAttribute("aria-invalid", String(Boolean(problem)));
    }
    const first = problems.map((each) => find(each.field)).find(Boolean);
    if (first) first.focus();
  };

  // the verse

  const row = (index) => {
    while (list.children.length <= index) {
      const bar = element("li", "bar preview");
      bar.dataset.mark = "-1";
      bar.append(element("span", "letter", "…"), element("span", "words", ""));
      list.append(bar);
    }
    return list.children[index];
  };

  const markOf = (letter) => (letter ? (letter.charCodeAt(0) - 65) % 8 : -1);
  const rhymeWords = (rhyme) => {
    if (!rhyme) return "";
    const kinds = { perfect: "rhymes", slant: "nearly rhymes", identical: "repeats" };
    return `${kinds[rhyme.kind] || "does not rhyme"} with bar ${rhyme.with + 1}`;
  };

  const showBar = (bar) => {
    const place = row(bar.index);
    const cut = bar.text.lastIndexOf(" ") + 1;
    const letter = element("span", "letter", bar.letter || "·");
    if (bar.letter) letter.title = `Rhyme ${bar.letter}`;
    const words = element("span", "words", bar.text.slice(0, cut));
    words.append(element("span", "end", bar.text.slice(cut)));
    const count = element("span", "count");
    count.append(element("span", "number", String(bar.syllables)), " ", element("span", "unit", "syll."));
    place.className = bar.attempts ? "bar settled" : "bar given";
    place.dataset.mark = String(markOf(bar.letter));
    place.replaceChildren(letter, words, count);
    const how = rhymeWords(bar.rhyme);
    if (how) place.append(element("span", "how", how));
    progress.textContent = `Bar ${bar.index + 1}: ${bar.text}`;
  };

  const showEvent = {
    queued: (event) => {
      const place = event.position === 1 ? "One verse is" : `${event.position} verses are`;
      progress.textContent = `${place} before yours, about ${event.seconds} s.`;
    },
    start: () => { progress.textContent = "Writing."; },
    token: (event) => { row(event.bar).querySelector(".words").append(event.text); },
    bar: showBar,
    verse: (event) => { progress.textContent = `Written in ${event.seconds.toFixed(1)} s.`; },
    saved: (event) => {
      find("address").href = event.url;
      done.hidden = false;
    },
    error: (event) => {
      tell(`${event.message} ${event.remedy}`);
      progress.textContent = "The verse was not finished.";
    },
  };

  const readEvents = async (body) => {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done: ended } = await reader.read();
      if (ended) return;
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      for (const text of events) {
        const data = text.split("\n").find((line) => line.startsWith("data: "));
        const event = JSON.parse(data.slice(6));
        (showEvent[event.event] || (() => {}))(event);
      }
    }
  };

  const refuse = async (answer) => {
    const error = await answer.json();
    tellFields(error.fields || []);
    tell(error.fields ? error.message : `${error.message} ${error.remedy}`);
    progress.textContent = "It appears here, word by word.";
  };

  const ask = async () => {
    leaving = new AbortController();
    tell("");
    tellFields([]);
    list.replaceChildren();
    done.hidden = true;
    stop.hidden = false;
    allowWriting();
    progress.textContent = "Asking the model.";
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    progress.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
    try {
      const answer = await fetch(form.dataset.stream, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
        body: JSON.stringify(wish()),
        signal: leaving.signal,
      });
      await (answer.ok ? readEvents(answer.body) : refuse(answer));
    } catch (error) {
      if (error.name === "AbortError") progress.textContent = "Stopped.";
      else tell("The connection was lost. Try again in a moment.");
    } finally {
      list.querySelectorAll(".preview").forEach((bar) => bar.remove());
      leaving = null;
      stop.hidden = true;
      allowWriting();
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!leaving) ask();
  });
  stop.addEventListener("click", () => leaving && leaving.abort());
  find("copy").addEventListener("click", async () => {
    const bars = [...list.querySelectorAll(".words")].map((bar) => bar.textContent);
    await navigator.clipboard.writeText(bars.join("\n"));
    progress.textContent = "Copied.";
  });
  allowWriting();
})();

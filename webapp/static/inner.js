// Marks the words inside the bars that rhyme with each other, while its button is pressed.
const button = document.getElementById("inner"), told = document.getElementById("inner-told");
const list = document.getElementById("verse");

const pressed = () => button.getAttribute("aria-pressed") === "true";
const wordsOf = (row) => row.querySelector(".words");
// a verse that is being written or edited is heard when it stands
const stands = () => !list.querySelector(".planned, .preview, .edit");
const letterOf = (row) => row.querySelector(".letter").textContent;
const shown = () =>
  [...list.children].map((row) => ({
    text: wordsOf(row).textContent,
    letter: /^[A-Z]$/.test(letterOf(row)) ? letterOf(row) : null,
  }));

const partOf = ({ text, name, mark }) => {
  if (!name) return text;
  const made = document.createElement("mark");
  made.className = "inner";
  made.dataset.mark = mark;
  made.dataset.name = name;
  made.textContent = text;
  return made;
};

const changes = new MutationObserver(() => show());

const draw = (bars) => {
  [...list.children].forEach((row, place) => {
    const end = document.createElement("span");
    end.className = "end";
    end.append(...bars[place].last.map(partOf));
    wordsOf(row).replaceChildren(...bars[place].before.map(partOf), end);
  });
  changes.takeRecords(); // what was just drawn asks for no other drawing
};

const plain = () => {
  for (const mark of list.querySelectorAll(".inner")) mark.replaceWith(mark.textContent);
};

const ask = async (bars) => {
  const answer = await fetch(button.dataset.inner, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ bars }),
  });
  if (!answer.ok) throw new Error(`the server said ${answer.status}`);
  return answer.json();
};

const show = async () => {
  if (!pressed() || !stands()) return;
  const bars = shown();
  try {
    const found = await ask(bars);
    // meanwhile the verse may have become another
    if (!pressed() || !stands() || JSON.stringify(shown()) !== JSON.stringify(bars)) return;
    draw(found.bars);
    told.textContent = found.told;
  } catch {
    told.textContent = "The rhymes could not be asked for. Try again in a moment.";
    button.setAttribute("aria-pressed", "false");
  }
};

button.addEventListener("click", () => {
  button.setAttribute("aria-pressed", String(!pressed()));
  told.textContent = "";
  if (pressed()) show();
  else plain();
});
changes.observe(list, { childList: true, subtree: true });

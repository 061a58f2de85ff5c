// Buttons with data-copy copy the words of a verse. Browsers allow it on secure pages only.
const wordsOf = (list) => [...list.querySelectorAll(".words")].map((bar) => bar.textContent).join("\n");

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const told = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(wordsOf(document.getElementById(button.dataset.copy)));
      told.textContent = "Copied.";
    } catch {
      told.textContent = "The browser does not allow it. Select the words and copy them.";
    }
  });
}

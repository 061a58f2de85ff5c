// Buttons with data-copy copy the words of a verse, those with data-share hand its address on: where
// the device has a way to share, by that, else as a copy. Browsers allow it on secure pages only.
const wordsOf = (list) => [...list.querySelectorAll(".words")].map((bar) => bar.textContent).join("\n");
const DENIED = "The browser does not allow it. Select the words and copy them.";

const onPress = (button, act) => {
  const told = button.parentElement.querySelector("[role=status]");
  button.addEventListener("click", async () => {
    try {
      told.textContent = await act();
    } catch (error) {
      told.textContent = error.name === "AbortError" ? "" : DENIED; // somebody thought better of it
    }
  });
};

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  onPress(button, async () => {
    await navigator.clipboard.writeText(wordsOf(document.getElementById(button.dataset.copy)));
    return "Copied.";
  });
}

for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = !navigator.share && !navigator.clipboard;
  onPress(button, async () => {
    const url = new URL(button.dataset.share || location.pathname, location.origin).href;
    if (navigator.share) {
      await navigator.share({ title: document.title, url });
      return "";
    }
    await navigator.clipboard.writeText(url);
    return "Its address is copied.";
  });
}

// Keeps the parts of a page that have data-live as they are on the server now.
(() => {
  "use strict";
  const pauses = { starting: 1500, stopping: 1500, ready: 5000 };

  const keepLive = (part) => {
    const pauseNow = () => {
      const state = part.querySelector("[data-state]");
      return document.hidden ? 15000 : pauses[state && state.dataset.state] || 5000;
    };
    const look = async () => {
      try {
        const answer = await fetch(part.dataset.live, { headers: { Accept: "text/html" } });
        const typing = part.contains(document.activeElement);
        if (answer.ok && !answer.redirected && !typing) {
          const text = await answer.text();
          if (text.trim() !== part.dataset.last) {
            part.innerHTML = text;
            part.dataset.last = text.trim();
            part.dispatchEvent(new CustomEvent("live", { bubbles: true }));
          }
        }
      } catch {
        // the next look may succeed; what was last known stays
      }
      setTimeout(look, pauseNow());
    };
    setTimeout(look, pauseNow());
  };

  document.querySelectorAll("[data-live]").forEach(keepLive);
})();

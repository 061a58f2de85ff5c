// The PIN of a demo: typed once, then the server knows this browser. The field is seen only where
// a PIN is asked for.
const place = document.getElementById("pin-field"), field = document.getElementById("pin");
const error = document.getElementById("pin-error");

const tell = (text) => {
  error.textContent = text;
  error.hidden = !text;
  field.setAttribute("aria-invalid", String(!!text));
};

export const demand = (text) => {
  place.hidden = false;
  tell(text);
  field.focus();
};

// gives what was typed; whether the verse may be asked for
export const give = async (signal) => {
  tell("");
  if (place.hidden || !field.value.trim()) return true;
  const answer = await fetch(place.dataset.pin, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ pin: field.value }),
    signal,
  });
  place.hidden = answer.ok;
  if (answer.ok) return true;
  const { message, remedy } = await answer.json();
  demand(`${message} ${remedy}`);
  return false;
};

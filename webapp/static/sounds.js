// How the visitor says some words, for as long as the page is open: a way to say is sent along where
// its word stands in the bars.
const said = new Map(); // word → how it is written in the bars, what it sounds like

// an empty way to say takes the correction back
export const say = (word, written, like) =>
  like.trim() ? said.set(word, { written, like: like.trim() }) : said.delete(word);

// what a verse was asked for with, after a reload
export const recall = (sounds) => {
  for (const [word, like] of Object.entries(sounds)) if (!said.has(word)) say(word, word, like);
};

export const wayOf = (word) => said.get(word)?.like || "";

const stands = (written, text) => {
  const plain = written.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${plain}(?![\\p{L}\\p{N}])`, "iu").test(text);
};

export const soundsFor = (bars) => {
  const text = bars.join("\n");
  const there = [...said].filter(([, { written }]) => stands(written, text));
  return Object.fromEntries(there.map(([word, { like }]) => [word, like]));
};

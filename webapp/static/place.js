// A place in the queue, in words.
const ORDINALS = ["", "next", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

const timeOf = (seconds) => {
  if (seconds >= 90) return `${Math.round(seconds / 60)} minutes`;
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
};

export const placeWords = ({ position, seconds }) =>
  `You are ${ORDINALS[position] || `number ${position}`}, about ${timeOf(Math.ceil(seconds))}.`;

// Even beats: for each a click, made here without any file, and a call at its moment.
const AHEAD = 120, PAUSE = 40; // milliseconds: how far clicks are planned, and how often
const HIGH = 1600, LOW = 1000, CLICK = 0.05; // hertz and seconds
const MINUTE = 60000;

const click = (sound, when, pitch) => {
  const tone = sound.createOscillator(), volume = sound.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.4, when);
  volume.gain.exponentialRampToValueAtTime(0.001, when + CLICK);
  tone.connect(volume).connect(sound.destination);
  tone.start(when);
  tone.stop(when + CLICK);
};

// `onBeat` is given the seconds to the next beat; `isFirst` says whether a beat begins a bar
export const metronome = (onBeat, isFirst) => {
  let sound = null, looking = null, next = 0, length = 0;
  const waiting = new Set();

  const plan = (pause) => {
    // where there is no sound, the beat is still seen
    if (sound) click(sound, sound.currentTime + pause / 1000, isFirst() ? HIGH : LOW);
    const beat = setTimeout(() => {
      waiting.delete(beat);
      onBeat(length / 1000);
    }, pause);
    waiting.add(beat);
  };

  const look = () => {
    const now = performance.now();
    next = Math.max(next, now - length); // beats that were slept through are not made up for
    for (; next < now + AHEAD; next += length) plan(Math.max(0, next - now));
  };

  return {
    start(bpm) {
      sound = window.AudioContext ? new AudioContext() : null;
      length = MINUTE / bpm;
      next = performance.now() + AHEAD;
      looking = setInterval(look, PAUSE);
    },
    setTempo(bpm) {
      length = MINUTE / bpm;
    },
    stop() {
      clearInterval(looking);
      waiting.forEach(clearTimeout);
      waiting.clear();
      sound?.close();
      sound = null;
    },
  };
};

// The browser's own voice. Voices that would send the words to another machine are not used.
const SLOWEST = 0.6, FASTEST = 2; // times the voice's usual rate
const USUAL_PACE = 4.3; // syllables a second at its usual rate, until it has been heard

export const browserVoice = (synthesis = window.speechSynthesis, Utterance = window.SpeechSynthesisUtterance) => {
  let pace = USUAL_PACE, current = null;

  const find = () => {
    const own = (synthesis?.getVoices() || []).filter((each) => each.localService);
    return own.find((each) => each.lang.startsWith("en")) || own[0];
  };
  find(); // some browsers load their voices when they are first asked for

  return {
    isThere: () => Boolean(find()),
    isSpeaking: () => current !== null,
    // so that it takes about so many seconds
    say(text, syllables, seconds) {
      const voice = find();
      if (!voice || !text) return;
      const said = new Utterance(text);
      let begun = 0;
      said.voice = voice;
      said.lang = voice.lang;
      said.rate = Math.min(FASTEST, Math.max(SLOWEST, syllables / pace / seconds));
      said.onstart = () => (begun = performance.now());
      said.onend = () => {
        const took = (performance.now() - begun) / 1000;
        if (begun && took > 0.2) pace = (pace + syllables / took / said.rate) / 2;
        if (current === said) current = null;
      };
      said.onerror = () => {
        if (current === said) current = null;
      };
      current = said;
      synthesis.speak(said);
    },
    hush() {
      current = null;
      synthesis?.cancel();
    },
  };
};

// Times of demos in the viewer's own zone, where it is not the host's.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const format = new Intl.DateTimeFormat(undefined, {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false,
});

const shows = (place, moment) =>
  new Intl.DateTimeFormat("en", { timeZone: place, dateStyle: "short", timeStyle: "short" }).format(moment);

export const tellTimes = (root = document) => {
  for (const time of root.querySelectorAll("time.viewer")) {
    const moment = new Date(time.dateTime);
    time.hidden = shows(time.dataset.zone, moment) === shows(zone, moment);
    time.textContent = `(${format.format(moment)} where you are)`;
  }
};

tellTimes();

// What is new, as it happens: one stream of server-sent events for a page, and a word when it has broken off.

const SILENCE_MS = 30_000;

export const root = document.body.dataset.root;

/**
 * Follows captures and watches of one camera, or of all.
 *
 * on: handlers by the event's name, `capture` and `watch`, each given the event's data.
 * stale: told what is wrong, in words for people, and null once all is well again.
 */
export function follow({ camera, kinds, on, stale = showStale }) {
  const query = new URLSearchParams();
  if (camera) query.set("camera", camera);
  if (kinds) query.set("kinds", kinds.join(","));
  let trouble = null;
  let heardAt = Date.now();
  const source = new EventSource(`${root}api/events?${query}`);
  const hear = () => {
    heardAt = Date.now();
    stale(trouble);
  };
  for (const [name, handle] of Object.entries(on)) {
    source.addEventListener(name, (event) => {
      hear();
      handle(JSON.parse(event.data));
    });
  }
  source.addEventListener("alive", hear);
  source.addEventListener("trouble", (event) => {
    trouble = JSON.parse(event.data).error;
    hear();
  });
  setInterval(() => {
    if (Date.now() - heardAt > SILENCE_MS) stale("Nothing has come from the board for half a minute. Is the network up, and the board running?");
  }, 1000);
  source.addEventListener("error", () => {
    // A stream that the board refuses for good is not opened again by itself: the login has ended, or the link was revoked.
    if (source.readyState === EventSource.CLOSED) stale("The board no longer lets this page look. Reload it to log in again.");
  });
  return source;
}

/** Shows the words in the page's banner, the element with the id `stale`. */
export function showStale(words) {
  const banner = document.getElementById("stale");
  if (!banner) return;
  if (words !== null) banner.textContent = words;
  banner.hidden = words === null;
}

// What is new, as it happens: one stream of server-sent events for a page, and a word when it has broken off.

const SILENCE_MS = 30_000;
const AGAIN_MS = 10_000;

export const root = document.body.dataset.root;

const SILENT = "Nothing has come from the board for half a minute. Is the network up, and the board running?";
const REFUSED = "The board does not let this page look now. It is asked again every ten seconds; if this stays, reload the page to log in again.";

/**
 * Follows captures and watches of one camera, or of all.
 *
 * on: handlers by the event's name, `capture` and `watch`, each given the event's data.
 * again: called when the stream is open again after it has broken off: only the newest state is told then, not what was missed.
 * What is wrong stands in the page's banner, the element with the id `stale`, until all is well again.
 */
export function follow({ camera, kinds, on, again = () => {} }) {
  const query = new URLSearchParams();
  if (camera) query.set("camera", camera);
  if (kinds) query.set("kinds", kinds.join(","));
  // By a clock that nobody sets: a small computer has none of its own, and is told the time after it has started.
  const now = () => performance.now();
  let trouble = null;
  let refused = false;
  let heardAt = now();
  let wasOpen = false;
  let openedAt;
  let source;
  const hear = () => {
    heardAt = now();
    tell(trouble);
  };
  const open = () => {
    source?.close();
    openedAt = now();
    source = new EventSource(`${root}api/events?${query}`);
    source.addEventListener("open", () => {
      refused = false;
      // If there still is any, the board says so.
      trouble = null;
      if (wasOpen) again();
      wasOpen = true;
    });
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
    source.addEventListener("error", () => {
      refused = source.readyState === EventSource.CLOSED;
      if (refused) tell(REFUSED);
    });
  };
  open();
  setInterval(() => {
    const silent = now() - heardAt > SILENCE_MS;
    if (silent) tell(refused ? REFUSED : SILENT);
    // By itself a browser opens neither a stream again that was refused (the login has ended, or a proxy says that the board
    // starts anew), nor one that broke off on the way without a word.
    if ((silent || refused) && now() - openedAt > AGAIN_MS) open();
  }, 1000);
}

/** Null: all is well. */
function tell(words) {
  const banner = document.getElementById("stale");
  if (words !== null) banner.textContent = words;
  banner.hidden = words === null;
}

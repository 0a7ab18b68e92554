// The billboard: what the board says is on, and what would be on where the board is not heard. It is never black.

import { root } from "./live.js";
import { fetchAhead, show } from "./layers.js";
import { keepAwake, offerFullScreen, restControls } from "./screen.js";
import { itemsFrom, turnAt } from "./turns.js";

const ASK_MS = 1000;
const LOOK_MS = 200;
const PATIENCE_MS = 5000;
const SILENT_MS = 8000;
const ALONE_MS = 60_000;
const BROKEN_MS = 60_000;
const AHEAD = 30;

const main = document.getElementById("billboard");
const address = `${root}billboard/${encodeURIComponent(main.dataset.camera)}/current.json`;

let playlist = playlistIn(document);
let version = main.dataset.playlist;
let showing = null;
let tag = null;
let heardAt = performance.now();
// The board's clock goes on here by what has passed since the board was asked: the clock of a screen may be wrong.
let board = { time: Date.now(), mark: heardAt };
const boardTime = () => board.time + performance.now() - board.mark;
const isSilent = () => performance.now() - heardAt > SILENT_MS;

function playlistIn(page) {
  return JSON.parse(page.getElementById("playlist").textContent);
}

async function ask() {
  try {
    const sent = performance.now();
    const answer = await fetch(address, {
      cache: "no-store",
      redirect: "error",
      headers: tag ? { "If-None-Match": tag } : {},
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const mark = (sent + performance.now()) / 2;
    if (!answer.ok && answer.status !== 304) throw new Error(`the board answered ${answer.status}`);
    if (answer.headers.get("Board-Playlist") !== version) await renew();
    if (answer.ok) take(await answer.json());
    if (answer.ok) tag = answer.headers.get("ETag");
    board = { time: Number(answer.headers.get("Board-Time")) || boardTime(), mark };
    heardAt = performance.now();
  } catch {
    // What is known goes on by itself.
  }
  setTimeout(ask, ASK_MS);
}

function take(current) {
  if (playlist.moods[current.mood]) showing = { mood: current.mood, since: Date.parse(current.since) };
}

/** The file has changed. What this page may frame was said when it was loaded: for other addresses it has to load anew. */
async function renew() {
  const answer = await fetch(location.href, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`the board answered ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = playlistIn(page);
  if (fresh.frames.some((frame) => !playlist.frames.includes(frame))) location.reload();
  playlist = fresh;
  version = page.getElementById("billboard").dataset.playlist;
  broken.clear();
  keepDefault();
}

const broken = new Map();
let on = null;
let turn = null;
let isBringing = false;
let ahead = null;
let kept = [];

/** What is shown without the board is to be here before the board is gone. */
function keepDefault() {
  const images = playlist.moods[playlist.default].items.filter((item) => item.kind === "image");
  kept = images.slice(0, AHEAD).map(fetchAhead);
}

function isUsable(item) {
  // A browser shows its own words in a frame whose address it cannot reach.
  if (item.kind === "url" && (isSilent() || !navigator.onLine)) return false;
  return !(performance.now() - broken.get(item.src) < BROKEN_MS);
}

function look() {
  const now = boardTime();
  const { default: usual } = playlist;
  const isAlone = performance.now() - heardAt > ALONE_MS;
  if (!playlist.moods[showing?.mood]) showing = { mood: usual, since: now };
  if (isAlone && showing.mood !== usual) showing = { mood: usual, since: now };
  const due = turnAt(playlist.moods[showing.mood], showing.since, now);
  const isOn = turn && turn.mood === showing.mood && turn.begins === due.begins;
  if (isOn || isBringing || on?.runs()) return;
  turn = { mood: showing.mood, ...due };
  bring(turn).finally(() => {
    isBringing = false;
  });
}

/** The item whose turn it is, or the nearest to it that can be shown; with none of them, what is on stays on. */
async function bring({ mood, item, begins, ends }) {
  isBringing = true;
  const others = mood === playlist.default ? [] : playlist.moods[playlist.default].items;
  for (const candidate of [...itemsFrom(playlist.moods[mood], item), ...others].filter(isUsable)) {
    if (candidate.kind !== "video" && candidate.src === on?.item.src) break;
    try {
      on = await show(candidate, (boardTime() - begins) / 1000);
      main.dataset.mood = mood;
      break;
    } catch {
      broken.set(candidate.src, performance.now());
    }
  }
  ahead = fetchAhead(turnAt(playlist.moods[mood], begins, ends).item);
}

keepDefault();
ask().finally(() => {
  look();
  setInterval(look, LOOK_MS);
});
// A board that does not answer the first question is not waited for.
setTimeout(look, 1500);

document.getElementById("controls").hidden = false;
restControls();
offerFullScreen(document.getElementById("full"));
keepAwake(document.getElementById("awake"));

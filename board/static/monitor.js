// The comfort monitor: what was measured last, and "no data" as soon as that is old.

import { follow, root } from "./live.js";
import { keepAwake, offerFullScreen, restControls } from "./screen.js";
import { watchTheNight } from "./night.js";

const PATIENCE_MS = 8000;
const RETRY_MS = 2000;

const screen = document.getElementById("screen");
const clock = document.getElementById("clock");
const address = `${root}monitor/${encodeURIComponent(screen.dataset.camera)}/tiles`;

// The board's clock goes on here by what has passed since the board was asked: the clock of a screen may be wrong.
// Of two clocks the faster one counts: the one may stand still while a device sleeps, the other may be set back.
let board = { time: Number(screen.dataset.now), mark: 0, wall: Date.now() - performance.now() };
const boardTime = () => board.time + Math.max(performance.now() - board.mark, Date.now() - board.wall);

const inZone = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });

function tellTimes(within) {
  for (const time of within.querySelectorAll("time[datetime]")) time.textContent = inZone.format(new Date(time.dateTime));
}

/** Puts one element in another's place; tiles stay where they are as many as before, so that colours pass gently. */
function replace(old, fresh) {
  const tiles = [old, fresh].map((watch) => watch.querySelectorAll(".tile"));
  const boards = [old, fresh].map((watch) => watch.querySelector(".tiles")?.className);
  if (!boards[0] || boards[0] !== boards[1] || tiles[0].length !== tiles[1].length) {
    old.replaceChildren(...fresh.childNodes);
    return;
  }
  tiles[1].forEach((tile, index) => {
    tiles[0][index].className = tile.className;
    tiles[0][index].replaceChildren(...tile.childNodes);
  });
  const [was, is] = [old, fresh].map((watch) => watch.querySelector(".state"));
  // A screen reader reads the line again whenever it is replaced.
  if (was.textContent !== is.textContent) was.replaceChildren(...is.childNodes);
  const [template, next] = [old, fresh].map((watch) => watch.querySelector("template"));
  if (template && next) template.replaceWith(next);
  else if (next) old.append(next);
  else template?.remove();
}

function show(fresh) {
  const watch = document.getElementById("watch");
  tellTimes(fresh);
  replace(watch, fresh);
  watch.className = fresh.className;
  if (fresh.dataset.until) watch.dataset.until = fresh.dataset.until;
  else delete watch.dataset.until;
}

let asked = 0;
let retry;

async function load() {
  const number = ++asked;
  clearTimeout(retry);
  const at = { mark: performance.now(), wall: Date.now() };
  try {
    const answer = await fetch(address, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(`the board answered ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (number !== asked) return;
    board = { time: Number(answer.headers.get("Board-Time")) || boardTime(), ...at };
    show(page.getElementById("watch"));
    keepTime();
  } catch {
    // What is shown grows old by itself; whoever looks is told by `follow` what is wrong.
    if (number === asked) retry = setTimeout(load, RETRY_MS);
  }
}

function keepTime() {
  const watch = document.getElementById("watch");
  clock.textContent = inZone.format(new Date(boardTime()));
  if (!watch.dataset.until || boardTime() < Number(watch.dataset.until)) return;
  const silence = watch.querySelector("template").content.cloneNode(true);
  const fresh = document.createElement("div");
  fresh.className = "watch silent";
  fresh.append(silence);
  show(fresh);
}

tellTimes(document);
keepTime();
clock.hidden = false;
setInterval(keepTime, 1000);
document.addEventListener("visibilitychange", keepTime);
follow({ camera: screen.dataset.camera, kinds: ["watch"], on: { watch: load } });

document.getElementById("controls").hidden = false;
restControls();
offerFullScreen(document.getElementById("full"));
keepAwake(document.getElementById("awake"));
watchTheNight(document.getElementById("dim"));

// The billboard: shows what the board says is on, and goes on by itself when the board says nothing.

import { root } from "./live.js";
import { keepAwake, offerFullScreen, restControls } from "./screen.js";

const ASK_MS = 1000;
const LOAD_MS = 8000;
const ALONE_MS = 60_000;
const BROKEN_MS = 60_000;

const stage = document.getElementById("stage");
const base = `${root}billboard/${encodeURIComponent(stage.dataset.camera)}`;
const broken = new Map();
let playlist = null;
let mood = null;
let heardAt = performance.now();
let shown = null;
let endsAt = Infinity;
let turn = 0;
let loading = false;

/** One item after the other; a video that plays is not broken off. */
async function show(item) {
  if (loading || same(item, shown) || isPlaying() || isBroken(item)) return;
  loading = true;
  try {
    const layer = document.createElement("div");
    layer.className = "layer";
    const element = make(item);
    layer.append(element);
    stage.append(layer);
    try {
      await ready(element);
    } catch {
      broken.set(item.src, performance.now());
      layer.remove();
      return;
    }
    await new Promise(requestAnimationFrame);
    fadeTo(layer);
    shown = item;
    endsAt = performance.now() + item.seconds * 1000;
    preload();
  } finally {
    loading = false;
  }
}

function fadeTo(layer) {
  const before = [...stage.children].filter((other) => other !== layer);
  layer.classList.add("on");
  // What lies below stays until it is covered: two half-faded layers would let the ground through.
  setTimeout(() => before.forEach((other) => other.remove()), 1300);
}

function make(item) {
  if (item.kind === "url") {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.referrerPolicy = "no-referrer";
    frame.title = "";
    frame.src = item.src;
    return frame;
  }
  const element = document.createElement(item.kind === "video" ? "video" : "img");
  if (item.kind === "video") Object.assign(element, { muted: true, playsInline: true, preload: "auto" });
  else element.alt = "";
  element.src = root + item.src;
  return element;
}

/** Resolves once it can be seen. */
function ready(element) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), LOAD_MS));
  if (element instanceof HTMLImageElement) return Promise.race([element.decode(), late]);
  if (element instanceof HTMLVideoElement) return Promise.race([element.play(), late]);
  return Promise.race([new Promise((resolve) => element.addEventListener("load", resolve, { once: true })), late]);
}

const same = (one, other) => one?.src === other?.src && (one?.kind !== "video" || isPlaying());

function isPlaying() {
  const video = stage.querySelector(".layer.on:last-child video");
  return Boolean(video) && !video.ended && !video.error && video.readyState > 1;
}

function isBroken(item) {
  const since = broken.get(item.src);
  return since !== undefined && performance.now() - since < BROKEN_MS;
}

/** What the playlist says comes next: of the last mood, and without word from the board for a minute of the default. */
function goOn() {
  if (!playlist) return;
  const name = performance.now() - heardAt > ALONE_MS || !(mood in playlist.moods) ? playlist.default : mood;
  const items = playlist.moods[name];
  for (let tried = 0; tried < items.length; tried += 1) {
    turn = (turn + 1) % items.length;
    if (!isBroken(items[turn])) {
      shown = same(items[turn], shown) ? null : shown;
      show(items[turn]);
      return;
    }
  }
}

/** So that the next ones are there although the network may not be. */
function preload() {
  if (!playlist) return;
  const soon = [...(playlist.moods[mood] ?? []), ...playlist.moods[playlist.default]].filter((item) => item.kind === "image");
  for (const item of soon.slice(0, 12)) new Image().src = root + item.src;
}

async function ask() {
  try {
    const answer = await fetch(`${base}/current.json`, { cache: "no-cache", signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error(String(answer.status));
    const current = await answer.json();
    heardAt = performance.now();
    if (current.mood !== mood || !playlist) {
      mood = current.mood;
      playlist = await (await fetch(`${base}/playlist.json`, { cache: "no-cache" })).json();
    }
    if (isBroken(current.item)) goOnWhenOver();
    else await show(current.item);
  } catch {
    goOnWhenOver();
  }
  setTimeout(ask, ASK_MS);
}

function goOnWhenOver() {
  if (performance.now() >= endsAt || !shown) goOn();
}

document.getElementById("controls").hidden = false;
restControls();
offerFullScreen(document.getElementById("full"));
keepAwake(document.getElementById("awake"));
ask();

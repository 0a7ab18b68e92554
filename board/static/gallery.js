// The gallery goes on by itself: tiles come, change and go as their records do.

import { follow } from "./live.js";
import { holdFaces, watchPhotos } from "./photos.js";
import { pageNow, piece, place, seen } from "./records.js";
import { tellTimes } from "./times.js";

const MOST_TILES = 120;
const AGAIN_MS = 3000;

const tiles = document.getElementById("tiles");
const empty = document.getElementById("empty");
const older = document.getElementById("older");
const address = new URLSearchParams(location.search);
const filter = new URLSearchParams(["camera", "mood"].filter((name) => address.get(name)).map((name) => [name, address.get(name)]));
const leftOut = new Map();
let work = Promise.resolve();

const find = ({ camera, capture_id }) =>
  [...tiles.children].find((tile) => tile.dataset.camera === camera && tile.dataset.capture === capture_id);

/** One change after the other: what was asked first must not arrive last. */
function take(record) {
  work = work.then(() => change(record)).catch(() => setTimeout(() => take(record), AGAIN_MS));
}

async function change(record) {
  const tile = find(record);
  const key = `${record.camera} ${record.capture_id}`;
  if (record.status === "forgotten") return replace(tile, null);
  if ((tile ? tile.dataset.seen : leftOut.get(key)) === seen(record)) return undefined;
  if (!tile && !belongs(record)) return undefined;
  const made = await piece(`${place("tiles", record)}?${filter}`);
  if (made) {
    holdFaces(made);
    leftOut.delete(key);
  } else leftOut.set(key, seen(record));
  return replace(tile, made);
}

/** Nobody tells what came and went while nothing was heard. */
function catchUp() {
  work = work.then(async () => compare(await pageNow())).catch(() => setTimeout(catchUp, AGAIN_MS));
}

function compare(page) {
  if (!page.getElementById("tiles")) return location.reload();
  const made = [...page.getElementById("tiles").children];
  const pairs = made.map((tile) => [find({ camera: tile.dataset.camera, capture_id: tile.dataset.capture }), tile]);
  const known = new Set(pairs.map(([tile]) => tile));
  const link = page.getElementById("older");
  // What is older than that page is not compared, unless there would be a gap before it.
  const end = link.hidden || (known.size === 1 && known.has(undefined)) ? "" : new URL(link.href).searchParams.get("before");
  leftOut.clear();
  for (const tile of [...tiles.children]) if (!known.has(tile) && tile.dataset.capture >= end) replace(tile, null);
  if (end === "") [older.href, older.hidden, older.textContent] = [link.href, link.hidden, link.textContent];
  for (const [tile, fresh] of pairs) {
    if (tile?.dataset.seen === fresh.dataset.seen) continue;
    tellTimes(fresh);
    replace(tile, document.adoptNode(fresh));
  }
}

/** Only the newest page grows, and only at its top: what is older has its own page. */
function belongs(record) {
  if (!("newest" in tiles.dataset)) return false;
  const last = tiles.lastElementChild;
  return older.hidden || !last || record.capture_id > last.dataset.capture;
}

function replace(tile, made) {
  if (tile && made && isPlaying(tile)) return;
  const still = keepPlace(tile);
  if (tile && made) tile.replaceWith(made);
  else if (tile) tile.remove();
  else if (made) insert(made);
  trim();
  empty.hidden = tiles.children.length > 0;
  still(made);
}

const isPlaying = (tile) => [...tile.querySelectorAll("video")].some((video) => !video.paused);

function insert(made) {
  made.classList.add("new");
  const next = [...tiles.children].find((tile) => tile.dataset.capture < made.dataset.capture);
  tiles.insertBefore(made, next ?? null);
}

/** Who reads further down, or has a tile in focus, stays where they are. */
function keepPlace(tile) {
  const focused = tile?.contains(document.activeElement);
  const anchor = window.scrollY > 0 && [...tiles.children].find((other) => other !== tile && other.getBoundingClientRect().bottom > 0);
  const top = anchor ? anchor.getBoundingClientRect().top : 0;
  return (made) => {
    if (anchor && anchor.isConnected) window.scrollBy(0, anchor.getBoundingClientRect().top - top);
    if (focused) (made ?? tiles).querySelector("a")?.focus({ preventScroll: true });
  };
}

/** A page that is open for a week does not grow for a week. */
function trim() {
  if (tiles.children.length <= MOST_TILES) return;
  tiles.lastElementChild.remove();
  const query = new URLSearchParams(filter);
  query.set("before", tiles.lastElementChild.dataset.capture);
  older.href = `${document.body.dataset.root}?${query}`;
  older.textContent = "Older";
  older.hidden = false;
}

tellTimes(document);
watchPhotos();
if (tiles) follow({ camera: address.get("camera"), kinds: ["capture"], on: { capture: take }, again: catchUp });
else if (document.querySelector("#trouble[data-passing]")) setTimeout(() => location.reload(), 10_000);

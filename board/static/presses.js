// What becomes of a press, as its record tells; and the newest presses of all.

import { follow, root } from "./live.js";
import { piece, place } from "./records.js";
import { tellTimes } from "./times.js";

const LOOK_MS = 2000;
const PAUSE_MS = 300;

const live = document.getElementById("live");
const progress = () => document.getElementById("progress");
let listing = null;

async function look() {
  const shown = progress();
  if (!shown || "over" in shown.dataset) return;
  const { camera, capture: capture_id } = shown.dataset;
  const query = location.search;
  const made = await piece(`${place("presses", { camera, capture_id })}/steps${query}`).catch(() => null);
  // What has not changed is not read out again.
  if (made && made.textContent !== progress().textContent) live.replaceChildren(made);
  else if (made && "over" in made.dataset) progress().dataset.over = "";
}

async function list() {
  listing = null;
  const made = await piece(`${root}presses/newest?root=${encodeURIComponent(root)}`).catch(() => null);
  if (made) document.getElementById("newest").replaceWith(made);
}

function take(record) {
  if (record.capture_id === progress()?.dataset.capture) look();
  listing ??= setTimeout(list, PAUSE_MS);
}

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => form.querySelector("button").setAttribute("aria-disabled", "true"));
}
// A page that is gone back to has a form that has been sent.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

tellTimes(document);
follow({ kinds: ["capture"], on: { capture: take }, again: list });
setInterval(look, LOOK_MS);

// The page of one capture: shown anew when its record changes or is gone, and a clip goes to the moment that was chosen.

import { follow } from "./live.js";
import { watchPhotos } from "./photos.js";
import { pageNow, seen } from "./records.js";
import { tellTimes } from "./times.js";

const AGAIN_MS = 4000;

const shown = document.getElementById("capture");
const waiting = document.querySelector("#forgetting[data-waiting]");
const asked = new URLSearchParams(location.search).get("forget");
const video = document.querySelector("video");

function look(record) {
  if (record.capture_id === asked && record.status !== "in_progress" && waiting) location.reload();
  if (record.capture_id !== shown.dataset.capture || seen(record) === shown.dataset.seen) return;
  if (!video || video.paused || record.status === "forgotten") location.reload();
}

async function catchUp() {
  const page = await pageNow().catch(() => null);
  if (page && page.getElementById("capture")?.dataset.seen !== shown.dataset.seen) location.reload();
}

for (const cell of document.querySelectorAll("[data-second]")) {
  if (!video) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "moment";
  button.textContent = cell.textContent;
  button.setAttribute("aria-label", `Play from second ${cell.textContent}`);
  button.addEventListener("click", () => {
    video.currentTime = Number(cell.dataset.second);
    video.play();
  });
  cell.replaceChildren(button);
}

tellTimes(document);
watchPhotos();
follow({ camera: shown.dataset.camera, kinds: ["capture"], on: { capture: look }, again: catchUp });
if (waiting) setTimeout(() => location.reload(), AGAIN_MS);

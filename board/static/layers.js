// What is on the screen: each item in a layer of its own, which is faded in over the others once it can be seen.

import { root } from "./live.js";

const LOAD_MS = 10_000;
const FADE_MS = 1500;
const STILL_MS = 5000;
const GROUND = { width: 6, height: 4 };

const layers = document.getElementById("layers");
const addressOf = (item) => (item.kind === "url" ? item.src : root + item.src);

function happens(element, ...names) {
  return new Promise((resolve, reject) => {
    for (const name of names) element.addEventListener(name, resolve, { once: true });
    element.addEventListener("error", () => reject(new Error("it cannot be shown")), { once: true });
  });
}

function inTime(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("it did not load in time")), LOAD_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Each kind of item: an element, and a promise that it can be seen.
const MAKE = {
  image(item) {
    const image = new Image();
    image.alt = "";
    image.src = addressOf(item);
    return [image, image.decode()];
  },
  video(item, elapsed) {
    const video = document.createElement("video");
    Object.assign(video, { muted: true, playsInline: true, preload: "auto", disableRemotePlayback: true });
    const ready = happens(video, "canplay").then(async () => {
      // Whoever comes in the middle sees what the other screens see.
      if (elapsed > 2 && elapsed < video.duration - 1) video.currentTime = elapsed;
      await video.play();
    });
    video.src = addressOf(item);
    return [video, ready];
  },
  url(item) {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    Object.assign(frame, { referrerPolicy: "no-referrer", title: item.src, tabIndex: -1 });
    const ready = happens(frame, "load");
    frame.src = addressOf(item);
    return [frame, ready];
  },
};

/** Fades the item in; what comes back is on the screen. Fails where it cannot be shown, and leaves what is on. */
export async function show(item, elapsed) {
  const layer = document.createElement("div");
  layer.className = "layer";
  const [element, ready] = MAKE[item.kind](item, elapsed);
  layer.append(element);
  layers.append(layer);
  try {
    await inTime(ready);
  } catch (error) {
    layer.remove();
    throw error;
  }
  if (item.kind !== "url") layer.prepend(groundOf(element));
  // Its beginning has to have been drawn, or nothing fades.
  layer.getBoundingClientRect();
  layer.classList.add("on");
  setTimeout(() => {
    while (layers.firstChild && layers.firstChild !== layer) layers.firstChild.remove();
  }, FADE_MS);
  return { item, runs: item.kind === "video" ? running(element) : () => false };
}

/** Whether a video goes on: it is not broken off, but one that stands still is not waited for. */
function running(video) {
  let at = -1;
  let movedAt = performance.now();
  return () => {
    if (video.currentTime !== at) [at, movedAt] = [video.currentTime, performance.now()];
    return !video.ended && !video.error && performance.now() - movedAt < STILL_MS;
  };
}

function groundOf(element) {
  const canvas = Object.assign(document.createElement("canvas"), GROUND);
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(element, 0, 0, GROUND.width, GROUND.height);
  return canvas;
}

/** Has the browser load what comes later; what comes back must be kept as long as it may be wanted without network. */
export function fetchAhead(item) {
  if (item.kind === "image") return Object.assign(new Image(), { src: addressOf(item) });
  if (item.kind === "video") return Object.assign(document.createElement("video"), { preload: "auto", muted: true, src: addressOf(item) });
  return null;
}

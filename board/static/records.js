// Records as events tell them, and the pieces of a page that the board makes of them.

import { root } from "./live.js";
import { tellTimes } from "./times.js";

const PATIENCE_MS = 10_000;

/** What a page shows of a record: it is the same as long as this is. The board's templates have it as `data-seen`. */
export const seen = (record) =>
  ["status", "speech", "taken_at", "completed_at", "image_key", "video_key"].map((name) => record[name] || "").join(" ");

/** An address below the root, such as `tiles/lobby/2026-11-22T18%3A44%3A00.123Z%236f1c`. */
export const place = (folder, { camera, capture_id }) => `${root}${folder}/${encodeURIComponent(camera)}/${encodeURIComponent(capture_id)}`;

/** The element that the board makes for this address; null where it says that there is nothing to show. */
export async function piece(address) {
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`the board answered ${answer.status}`);
  if (answer.status === 204) return null;
  const element = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
  tellTimes(element);
  return document.adoptNode(element);
}

/** This page as the board has it now: of what is forgotten, and of who is logged out, it is another. */
export async function pageNow() {
  const answer = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok && answer.status !== 404) throw new Error(`the board answered ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// What a page needs that hangs on a wall: the whole screen, awake, and nothing on it but the page.

const REST_MS = 4000;

/** Adds the class `idle` to the page while nobody moves a pointer, touches it or presses a key. */
export function restControls() {
  let rest;
  const wake = () => {
    document.body.classList.remove("idle");
    clearTimeout(rest);
    rest = setTimeout(() => document.body.classList.add("idle"), REST_MS);
  };
  for (const name of ["pointermove", "pointerdown", "keydown", "focusin"]) document.addEventListener(name, wake);
  wake();
}

/** Shows the button where the browser can fill the screen. */
export function offerFullScreen(button) {
  button.hidden = !document.fullscreenEnabled;
  const name = () => {
    button.textContent = document.fullscreenElement ? "Leave full screen" : "Full screen";
  };
  button.addEventListener("click", () =>
    (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {}),
  );
  document.addEventListener("fullscreenchange", name);
  name();
}

/** Keeps the screen awake while the page is seen; `line` says so where the browser does not allow it, and what to do. */
export function keepAwake(line) {
  const tell = (words) => {
    line.textContent = words;
    line.hidden = !words;
  };
  if (!("wakeLock" in navigator)) {
    tell(
      window.isSecureContext
        ? "This browser cannot keep the screen awake: switch off the screen's sleep in the device's settings."
        : "The browser keeps the screen awake only over https or on localhost: open the board so, or switch off the screen's sleep.",
    );
    return;
  }
  let held = null;
  const hold = async () => {
    if (document.visibilityState !== "visible" || (held && !held.released)) return;
    try {
      held = await navigator.wakeLock.request("screen");
      tell("");
    } catch {
      tell("The device did not let the page keep the screen awake: is it saving energy? Click the page to try again.");
    }
  };
  document.addEventListener("visibilitychange", hold);
  document.addEventListener("click", hold);
  hold();
}

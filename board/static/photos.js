// A photo that cannot be shown has no faces to be boxed: its words alone stand there.

const miss = (photo) => photo.parentElement.classList.add("missing");

/** Also those that come later; an error of a photo does not bubble, but it is met on its way down. */
export function watchPhotos() {
  for (const photo of document.querySelectorAll(".shot img")) {
    // What waits to be scrolled to has no address yet.
    if (photo.currentSrc && photo.complete && photo.naturalWidth === 0) miss(photo);
  }
  document.addEventListener("error", ({ target }) => target instanceof Element && target.matches(".shot img") && miss(target), true);
}

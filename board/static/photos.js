// Photos that are not there (yet): their faces are not boxed on nothing.

const miss = (photo) => photo.parentElement.classList.add("missing");

async function seen(photo) {
  try {
    await photo.decode();
    photo.parentElement.classList.remove("missing");
  } catch {
    miss(photo);
  }
}

/** Of all photos that the page has; `holdFaces` is for those that it is given. */
export function watchPhotos() {
  document.addEventListener("error", ({ target }) => target instanceof HTMLImageElement && miss(target), true);
  document.addEventListener("load", ({ target }) => target instanceof HTMLImageElement && seen(target), true);
  holdFaces(document);
}

/** Until their photo can be seen. */
export function holdFaces(within) {
  for (const photo of within.querySelectorAll(".shot img")) {
    if (!photo.complete || photo.naturalWidth === 0) miss(photo);
  }
}

// A photo that cannot be shown has no faces to be boxed: its words alone stand there.

export function watchPhotos(within) {
  for (const photo of within.querySelectorAll(".shot img")) {
    const miss = () => photo.parentElement.classList.add("missing");
    if (photo.complete && photo.naturalWidth === 0) miss();
    else photo.addEventListener("error", miss);
  }
}

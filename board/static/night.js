// Dimmed from 22 to 6 by the screen's own clock, unless somebody chose otherwise with the button.

const CHOICES = { auto: "Dim at night", on: "Dimmed", off: "Full brightness" };
const KEY = "monitor-dim";
const [DUSK, DAWN] = [22, 6];

export function watchTheNight(button) {
  let choice = read();
  const apply = () => {
    const hour = new Date().getHours();
    const night = choice === "on" || (choice === "auto" && (hour >= DUSK || hour < DAWN));
    document.body.classList.toggle("night", night);
    button.textContent = CHOICES[choice];
  };
  button.addEventListener("click", () => {
    const names = Object.keys(CHOICES);
    choice = names[(names.indexOf(choice) + 1) % names.length];
    keep(choice);
    apply();
  });
  setInterval(apply, 30_000);
  apply();
}

// A browser that keeps nothing for a page throws.
function read() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept in CHOICES ? kept : "auto";
  } catch {
    return "auto";
  }
}

function keep(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // It holds until the page is closed.
  }
}

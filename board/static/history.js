// The charts of the history and of a watch, drawn by uPlot from what stands in the page; and the viewer's time zone.

const uPlot = globalThis.uPlot;
const AGAIN_MS = 1_000;
const TROUBLE_AGAIN_MS = 10_000;
const TICK_PX = 58;
const SPARE_ROWS = 8;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const digits = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const shown = (value) => (value === null || value === undefined ? "–" : digits.format(value));

const sum = (values) => values.reduce((one, other) => one + other, 0);

/** The places with a word on the axis, thinned so that none lies on another. */
function places(ticks, width) {
  const all = ticks.flatMap((tick, at) => (tick ? [at] : []));
  const most = Math.max(1, Math.floor(width / TICK_PX));
  const step = Math.ceil(all.length / most);
  return all.filter((_, at) => at % step === 0);
}

function axes(ticks, unit = "") {
  const look = { stroke: colour("--quiet"), grid: { stroke: colour("--grid"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
  return [
    { ...look, grid: { show: false }, size: 28, splits: (u) => places(ticks, u.bbox.width / devicePixelRatio), values: (u, at) => at.map((place) => ticks[place]) },
    { ...look, size: 44, values: (u, at) => at.map((value) => (Number.isInteger(value) || unit ? `${digits.format(value)}${unit}` : "")) },
  ];
}

function frame(element, words, ticks, series, more) {
  const last = words.length - 1;
  return {
    width: element.clientWidth,
    height: element.classList.contains("small") ? 130 : 260,
    padding: [10, 8, 0, 0],
    cursor: { points: { size: 6 }, drag: { setScale: false, x: false, y: false } },
    scales: { x: { time: false, range: [-0.5, last + 0.5] }, y: { range: (u, low, high) => [0, Math.max(1, high) * 1.08] } },
    axes: axes(ticks),
    series: [{ label: "At", class: "at", value: (u, at) => (at === null ? "all" : words[at]) }, ...series],
    ...more,
  };
}

/** Bars upon one another: each is drawn up to the sum of it and those before it, the highest first. */
function stack(element, { words, ticks }, series) {
  const sums = words.map(() => 0);
  const drawn = series.map(({ name, colour: variable, values }) => ({
    tops: values.map((value, at) => (sums[at] += value)),
    options: { label: name, values, fill: colour(variable), stroke: colour("--surface"), width: words.length > 60 ? 0 : 1, paths: uPlot.paths.bars({ size: [0.86, 48] }), points: { show: false } },
  }));
  drawn.reverse();
  const inOrder = { ready: [(u) => u.root.querySelectorAll(".u-series").forEach((row, place) => place && (row.style.order = series.length - place + 1))] };
  const at = words.map((_, place) => place);
  const options = frame(
    element,
    words,
    ticks,
    drawn.map(({ options: { values, ...rest } }) => ({ ...rest, value: (u, _sum, _series, place) => shown(place === null ? sum(values) : values[place]) })),
    { hooks: inOrder },
  );
  return new uPlot(options, [at, ...drawn.map(({ tops }) => tops)], element);
}

function lines(element, { words, ticks }, series) {
  const options = frame(
    element,
    words,
    ticks,
    series.map(({ name, colour: variable }, at) => ({ label: name, stroke: colour(variable), width: 2, dash: at ? [6, 4] : undefined, points: { show: true, size: 5, fill: colour(variable) }, value: (u, value) => (value === null ? "–" : `${shown(value)} s`) })),
    { axes: axes(ticks, " s"), legend: { markers: { width: 0, fill: (u, at) => (at ? colour(series[at - 1].colour) : "") } } },
  );
  return new uPlot(options, [words.map((_, place) => place), ...series.map(({ values }) => values)], element);
}

/** Of one section, with its borders; all of a page point at the same minute. */
function course(element, { words }, values) {
  const every = Math.max(1, Math.round(words.length / SPARE_ROWS));
  const ticks = words.map((word, at) => (at % every === 0 ? word : ""));
  const border = (value) => ({ stroke: colour("--line"), width: 1, dash: [4, 4], points: { show: false }, data: words.map(() => value) });
  const borders = [border(60), border(40)];
  const options = frame(
    element,
    words,
    ticks,
    [...borders.map(({ data, ...look }) => look), { label: "", stroke: colour("--bar"), width: 2, fill: `${colour("--bar")}22`, points: { show: values.length < 3, size: 5 } }],
    { legend: { show: false }, cursor: { sync: { key: "minute" }, drag: { x: false, y: false, setScale: false } }, scales: { x: { time: false, range: [0, Math.max(1, words.length - 1)] }, y: { range: [0, 100] } } },
  );
  options.axes[1] = { ...options.axes[1], size: 32, splits: () => [0, 40, 60, 100] };
  const heading = element.parentElement.querySelector("h2 .quiet");
  const mean = heading?.textContent;
  options.hooks = {
    setCursor: [
      (u) => {
        if (!heading) return;
        const at = u.cursor.idx;
        heading.textContent = at === null || at === undefined ? mean : `${words[at]}: ${shown(values[at])}`;
      },
    ],
  };
  return new uPlot(options, [words.map((_, place) => place), ...borders.map(({ data }) => data), values], element);
}

function nothing(element) {
  const words = document.createElement("p");
  words.className = "none";
  words.textContent = "Nothing in this time";
  element.replaceChildren(words);
}

function draw(charts) {
  return [...document.querySelectorAll(".chart")].flatMap((element) => {
    const { chart, kind } = element.dataset;
    element.replaceChildren();
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", `Chart: ${element.parentElement.querySelector("h2").textContent}. The table below has the same figures.`);
    const series = kind === "course" ? charts.courses[Number(chart)] : charts[chart];
    if (!series.length) return nothing(element) ?? [];
    const made = { stack, lines, course }[kind](element, charts, series);
    return [[element, made]];
  });
}

let drawn = [];

function redraw() {
  for (const [, chart] of drawn) chart.destroy();
  const source = document.getElementById("charts");
  drawn = source && uPlot ? draw(JSON.parse(source.textContent)) : [];
}

/** Puts the newer page in the place of this one, and leaves open what is open. */
async function renew(address) {
  const answer = await fetch(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const newer = page.getElementById("zone") && page.querySelector("main");
  // Such as the login: the board no longer lets this page look.
  if (!newer) return location.reload();
  const older = document.querySelector("main");
  for (const details of newer.querySelectorAll("details[id]")) details.open = older.querySelector(`#${details.id}`)?.open ?? false;
  const focused = older.contains(document.activeElement) ? document.activeElement.name : null;
  older.replaceWith(document.adoptNode(newer));
  if (focused) newer.querySelector(`[name="${focused}"]`)?.focus();
  begin();
}

function begin() {
  redraw();
  new ResizeObserver(() => {
    for (const [element, chart] of drawn) if (element.clientWidth !== chart.width) chart.setSize({ width: element.clientWidth, height: chart.height });
  }).observe(document.querySelector("main"));
  const trouble = document.getElementById("trouble");
  const wait = document.getElementById("reading") ? AGAIN_MS : trouble?.dataset.passing !== undefined ? TROUBLE_AGAIN_MS : null;
  if (wait !== null) setTimeout(() => renew(location.href).catch(begin), wait);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const address = new URL(location.href);
if (zone && !address.searchParams.has("tz")) {
  address.searchParams.set("tz", zone);
  history.replaceState(null, "", address);
  renew(address).catch(begin);
} else begin();

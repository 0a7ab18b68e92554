// What is wrong with how a page lies on the screen, as a list of sentences. Text may be no wider than what it stands in,
// be cut off by nothing, and lie over no other text; what stands side by side does not overlap.
() => {
  const SLACK = 1.5; // pixels: letters are drawn a little over the edge of their boxes
  const found = new Set();
  const name = (element) => `<${element.localName}${element.id ? ` id=${element.id}` : ""} class="${element.getAttribute("class") ?? ""}">`;
  const quoted = (text) => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 60));
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const onlyRead = (element) => {
    // Left to screen readers in one of the usual ways: a pixel in size, or clipped to nothing.
    for (let at = element; at; at = at.parentElement) {
      const box = at.getBoundingClientRect();
      const style = getComputedStyle(at);
      if ((box.width <= 1 || box.height <= 1) && style.overflow !== "visible") return true;
      if (/inset\((50|100)%/.test(style.clipPath) || style.clip === "rect(0px, 0px, 0px, 0px)") return true;
      if (style.position !== "static" && (box.bottom <= 0 || box.right <= 0) && scrollX + scrollY === 0) return true;
    }
    return false;
  };
  const cuts = (value) => value === "hidden" || value === "clip";
  const scrolls = (value) => value === "auto" || value === "scroll";
  const over = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > SLACK && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > SLACK;

  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) found.add(`the page is ${wide} px wider than the screen`);

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("script, style, noscript, option") || !shown(element) || onlyRead(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const said = `${quoted(walker.currentNode.data)} in ${name(element)}`;
    let scrolled = false;
    const rects = [...range.getClientRects()];
    for (let box = element; box && box !== document.documentElement; box = box.parentElement) {
      const style = getComputedStyle(box);
      const edge = box.getBoundingClientRect();
      if (scrolls(style.overflowX) || scrolls(style.overflowY)) scrolled = true;
      if (scrolled || style.display === "inline" || style.display === "contents" || box === document.body) continue;
      if (box instanceof SVGElement && !(box instanceof SVGSVGElement)) continue;
      for (const rect of rects) {
        const sideways = rect.left < edge.left - SLACK || rect.right > edge.right + SLACK;
        // A line of letters is higher than its box where lines are set close; only what cuts it off does harm.
        const upwards = cuts(style.overflowY) && (rect.top < edge.top - rect.height / 4 || rect.bottom > edge.bottom + rect.height / 4);
        if (sideways) found.add(`wider than ${name(box)}: ${said}`);
        else if (upwards) found.add(`cut off by ${name(box)}: ${said}`);
      }
      if (style.position === "absolute" || style.position === "fixed") break;
    }
    if (!scrolled) texts.push(...rects.map((rect) => ({ rect, said, element })));
  }
  texts.sort((a, b) => a.rect.top - b.rect.top);
  texts.forEach((one, index) => {
    for (let next = index + 1; next < texts.length && texts[next].rect.top < one.rect.bottom - SLACK; next++) {
      const other = texts[next];
      // Lines that are set close touch; they lie over each other when it is by a third of a line.
      const lines = Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
      const third = Math.min(one.rect.height, other.rect.height) / 3;
      if (one.element !== other.element && lines > third && over(one.rect, other.rect)) found.add(`${one.said} lies over ${other.said}`);
    }
  });

  for (const select of document.body.querySelectorAll("select")) {
    if (!shown(select)) continue;
    // What is chosen is no text of the page: whether it is cut off is told by how wide the list would be with it alone.
    const whole = select.cloneNode(false);
    whole.append(new Option(select.selectedOptions[0]?.text));
    whole.style.cssText = "position: absolute; width: auto; max-width: none";
    select.after(whole);
    if (whole.offsetWidth > select.offsetWidth + SLACK) found.add(`cut off by ${name(select)}: ${quoted(whole.textContent)}`);
    whole.remove();
  }

  for (const parent of document.body.querySelectorAll("*")) {
    if (parent.closest("svg") || !shown(parent)) continue;
    const boxes = [...parent.children]
      .filter((child) => shown(child) && !["absolute", "fixed", "sticky"].includes(getComputedStyle(child).position))
      .filter((child) => !["inline", "contents"].includes(getComputedStyle(child).display))
      .map((child) => ({ child, rect: child.getBoundingClientRect() }));
    boxes.forEach((one, index) => {
      for (const other of boxes.slice(index + 1)) {
        if (over(one.rect, other.rect)) found.add(`${name(one.child)} and ${name(other.child)} overlap in ${name(parent)}`);
      }
    });
  }
  return [...found];
}

// Which item of a mood is on, as `board/domain/playlist.py` reckons it: all screens of a camera show the same.

/** `since` and `now` are epoch milliseconds; so are `begins` and `ends` of the turn. */
export function turnAt({ items, order }, since, now) {
  const length = (index) => items[index].seconds * 1000;
  const round = order.reduce((sum, index) => sum + length(index), 0);
  let begins = since + Math.floor(Math.max(0, now - since) / round) * round;
  // A second round only because sums of fractions are not exact.
  for (const index of [...order, ...order]) {
    const ends = begins + length(index);
    if (now < ends) return { item: items[index], begins, ends };
    begins = ends;
  }
  throw new Error("a round of turns goes on for ever");
}

/** The items of a mood, each once, from one of them on: what is shown in its place where it cannot be. */
export function itemsFrom({ items }, item) {
  const first = Math.max(0, items.indexOf(item));
  return [...items.slice(first), ...items.slice(0, first)];
}

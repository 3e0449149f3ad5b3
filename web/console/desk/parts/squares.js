/**
 * A squarified tree map: areas as their values, shapes as near to squares as rows of them can be.
 * @param {number[]} values the largest first, all above nothing
 * @param {number} width
 * @param {number} height
 * @returns {{ x: number, y: number, w: number, h: number }[]}
 */
export function squares(values, width, height) {
  const whole = values.reduce((a, b) => a + b, 0);
  if (whole <= 0) return [];
  const areas = values.map((v) => (v / whole) * width * height);
  /** @type {{ x: number, y: number, w: number, h: number }[]} */
  const places = [];
  let [x, y, w, h] = [0, 0, width, height];
  for (let from = 0; from < areas.length; ) {
    const side = Math.min(w, h);
    let to = from + 1;
    let sum = areas[from] ?? 0;
    // A row takes one more as long as that makes its worst shape no worse.
    while (to < areas.length && worst(areas, from, to + 1, sum + (areas[to] ?? 0), side) <= worst(areas, from, to, sum, side)) sum += areas[to++] ?? 0;
    const thick = sum / side;
    let along = 0;
    for (let n = from; n < to; n++) {
      const long = (areas[n] ?? 0) / thick;
      places.push(w >= h ? { x, y: y + along, w: thick, h: long } : { x: x + along, y, w: long, h: thick });
      along += long;
    }
    if (w >= h) [x, w] = [x + thick, w - thick];
    else [y, h] = [y + thick, h - thick];
    from = to;
  }
  return places;
}

/** @param {number[]} areas @param {number} from @param {number} to @param {number} sum @param {number} side */
function worst(areas, from, to, sum, side) {
  const most = areas[from] ?? 0;
  const least = areas[to - 1] ?? 0;
  return Math.max((side * side * most) / (sum * sum), (sum * sum) / (side * side * least));
}

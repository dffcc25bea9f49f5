/** Which node an arrow key leads to. */

/** @typedef {{x: number, y: number}} Point */

/** @type {Record<string, Point>} */
const DIRECTIONS = {
  ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 },
};
const SIDEWAYS = 2; // a step aside counts so many times a step ahead

/**
 * Gives the id of the nearest node in the key's direction, or null where there is none or the key is no arrow.
 * @param {Map<string, Point>} places @param {string} from @param {string} key @returns {string | null}
 */
export function towards(places, from, key) {
  const direction = DIRECTIONS[key];
  const here = places.get(from);
  if (!direction || !here) return null;
  let [best, least] = [/** @type {string | null} */ (null), Infinity];
  for (const [id, place] of places) {
    const away = cost(place.x - here.x, place.y - here.y, direction);
    if (id !== from && away < least) [best, least] = [id, away];
  }
  return best;
}

/** @param {number} dx @param {number} dy @param {Point} direction */
function cost(dx, dy, direction) {
  const ahead = dx * direction.x + dy * direction.y;
  const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x);
  return ahead > 0.5 ? ahead + SIDEWAYS * aside : Infinity;
}

/** Where the numbers of a ring stand: the server says it, as shares of a square; this says how large the square is. */

const SPACE = 90; // side of the square for each column of numbers in it, in the drawing's units
const SMALLEST = 240;
const MARGIN = 34;

/**
 * @typedef {{id: string, x: number, y: number}} LayoutNode
 * @typedef {{x: number, y: number}} Point
 */

/**
 * Gives each node's place and the half side of the square that holds them all, with its middle at 0, 0.
 * @param {LayoutNode[]} nodes @returns {{places: Map<string, Point>, extent: number}}
 */
export function layout(nodes) {
  const side = Math.max(SMALLEST, SPACE * Math.sqrt(nodes.length));
  const places = new Map(nodes.map(({ id, x, y }) => [id, { x: (x - 0.5) * side, y: (y - 0.5) * side }]));
  return { places, extent: side / 2 + MARGIN };
}

/**
 * Where the numbers of a ring stand: members on inner circles, victims on outer ones. No chance in it: the same graph
 * always gives the same picture.
 */

const MEMBER_SPACE = 44; // between neighbours on a circle, in the drawing's units
const VICTIM_SPACE = 24;
const MEMBER_STEP = 48; // between two circles
const VICTIM_STEP = 34;
const FIRST_CIRCLE = [90, 240]; // smallest and largest radius of the innermost circle of members
const GAP = 90; // between members and victims
const MARGIN = 34;

/**
 * @typedef {{id: string, number: string, hop: number}} LayoutNode
 * @typedef {{source: string, target: string, kind: string, weight: number, calls: number}} LayoutEdge
 * @typedef {{x: number, y: number}} Point
 */

/**
 * Gives each node's place and the half side of the square that holds them all.
 * @param {LayoutNode[]} nodes @param {LayoutEdge[]} edges @returns {{places: Map<string, Point>, extent: number}}
 */
export function layout(nodes, edges) {
  const near = weights(edges);
  /** @type {Map<string, Point>} */
  const places = new Map();
  const members = chain(nodes.filter((node) => node.hop === 0), near);
  const inner = place(members, circles(members.length, firstRadius(members.length), MEMBER_SPACE, MEMBER_STEP), places);
  const victims = byDirection(nodes.filter((node) => node.hop !== 0), near, places);
  const outer = place(victims, circles(victims.length, inner + GAP, VICTIM_SPACE, VICTIM_STEP), places);
  return { places, extent: Math.max(inner, outer) + MARGIN };
}

/** Radius on which all members fit on one circle, within bounds; a single one stands in the middle. @param {number} count */
function firstRadius(count) {
  const [smallest, largest] = FIRST_CIRCLE;
  return count < 2 ? 0 : Math.min(largest, Math.max(smallest, (count * MEMBER_SPACE) / (2 * Math.PI)));
}

/** Weight between two nodes in either direction. @param {LayoutEdge[]} edges @returns {Map<string, Map<string, number>>} */
function weights(edges) {
  /** @type {Map<string, Map<string, number>>} */
  const near = new Map();
  for (const { source, target, kind, weight, calls } of edges) {
    const pull = kind === "LINK" ? weight : calls;
    add(near, source, target, pull);
    add(near, target, source, pull);
  }
  return near;
}

/** @param {Map<string, Map<string, number>>} near @param {string} from @param {string} to @param {number} pull */
function add(near, from, to, pull) {
  const row = near.get(from) ?? new Map();
  near.set(from, row.set(to, (row.get(to) ?? 0) + pull));
}

/** Members so that tied ones stand side by side: always the one most tied to the last. @param {LayoutNode[]} members @param {Map<string, Map<string, number>>} near */
function chain(members, near) {
  const left = [...members].sort(byNumber);
  const ordered = left.splice(0, 1);
  while (left.length > 0) {
    const ties = near.get(ordered[ordered.length - 1].id);
    const pulls = left.map((node) => ties?.get(node.id) ?? 0);
    ordered.push(...left.splice(pulls.indexOf(Math.max(...pulls)), 1));
  }
  return ordered;
}

/** Victims in the order of the direction in which those who call them stand. @param {LayoutNode[]} victims @param {Map<string, Map<string, number>>} near @param {Map<string, Point>} places */
function byDirection(victims, near, places) {
  const turns = new Map(victims.map((node) => [node.id, direction(near.get(node.id), places)]));
  return [...victims].sort((a, b) => (turns.get(a.id) ?? 0) - (turns.get(b.id) ?? 0) || byNumber(a, b));
}

/** @param {Map<string, number> | undefined} ties @param {Map<string, Point>} places @returns {number} radians from the top, clockwise */
function direction(ties, places) {
  let [x, y] = [0, 0];
  for (const [id, pull] of ties ?? []) {
    const at = places.get(id);
    if (at) [x, y] = [x + pull * at.x, y + pull * at.y];
  }
  return (Math.atan2(x, -y) + 2 * Math.PI) % (2 * Math.PI);
}

/**
 * The fewest circles that hold `count` nodes, each filled to the same degree.
 * @param {number} count @param {number} first @param {number} space @param {number} step
 * @returns {{radius: number, count: number}[]}
 */
function circles(count, first, space, step) {
  const rooms = [];
  let total = 0;
  for (let radius = first; total < count; radius += step) {
    const room = Math.max(1, Math.floor((2 * Math.PI * radius) / space + 1e-9));
    rooms.push({ radius, room });
    total += room;
  }
  let left = count;
  return rooms.map(({ radius, room }) => {
    const share = Math.round((left * room) / total);
    left -= share;
    total -= room;
    return { radius, count: share };
  });
}

/**
 * Deals nodes to circles in turn by the share each circle has, so that the order around stays; gives the outermost radius.
 * @param {LayoutNode[]} nodes @param {{radius: number, count: number}[]} rings @param {Map<string, Point>} places
 */
function place(nodes, rings, places) {
  const filled = rings.map(() => 0);
  nodes.forEach((node, i) => {
    const behind = rings.map((ring, k) => ((i + 1) * ring.count) / nodes.length - filled[k]);
    const k = behind.indexOf(Math.max(...behind));
    const angle = (2 * Math.PI * (filled[k] + 0.5 * (k % 2))) / rings[k].count;
    filled[k] += 1;
    places.set(node.id, { x: rings[k].radius * Math.sin(angle), y: -rings[k].radius * Math.cos(angle) });
  });
  return rings.length > 0 ? rings[rings.length - 1].radius : 0;
}

/** @param {LayoutNode} a @param {LayoutNode} b */
function byNumber(a, b) {
  return a.number < b.number ? -1 : a.number > b.number ? 1 : a.id < b.id ? -1 : 1;
}

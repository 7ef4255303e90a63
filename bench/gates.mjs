/** The table of gates as data, and when one is passed. Knows nothing of how a value is measured. */

/**
 * `direction`: the value may be at most, or must be at least, what is required. `suite`: what
 * measures it (bench/suites.mjs).
 *
 * @typedef {{ id: string, text: string, direction: 'at-most' | 'at-least', required: number,
 *   aim: number, unit: '×' | 'ms' | 'MB' | '', suite: string }} Gate
 * @typedef {{ value: number, note?: string } | { why: string }} Outcome A value, or why there is none.
 */

/** @type {readonly Gate[]} */
export const gates = [
  {
    id: 'history-wall-1',
    text: 'history, 1 thread: wall / git log -p',
    direction: 'at-most',
    required: 0.3,
    aim: 0.17,
    unit: '×',
    suite: 'history',
  },
  {
    id: 'history-wall-2',
    text: 'history, 2 threads: wall / git log -p',
    direction: 'at-most',
    required: 0.2,
    aim: 0.1,
    unit: '×',
    suite: 'history',
  },
  {
    id: 'history-cpu',
    text: 'history, 1 thread: CPU / CPU of git cat-file of all objects',
    direction: 'at-most',
    required: 0.8,
    aim: 0.5,
    unit: '×',
    suite: 'history',
  },
  {
    id: 'history-filtered',
    text: 'history: bytes filtered / unpacked blob bytes',
    direction: 'at-most',
    required: 0.25,
    aim: 0.12,
    unit: '×',
    suite: 'history',
  },
  {
    id: 'attribution',
    text: 'attribution of findings / git log --all --raw',
    direction: 'at-most',
    required: 1.3,
    aim: 1,
    unit: '×',
    suite: 'history',
  },
  {
    id: 'attribution-clean',
    text: 'attribution without findings / git log --all --raw',
    direction: 'at-most',
    // None at all, but for the clock's own grain.
    required: 0.02,
    aim: 0,
    unit: '×',
    suite: 'history',
  },
  {
    id: 'tree-cpu',
    text: 'tree, 1 thread: CPU / rg -j1 -i -F -f of our anchors',
    direction: 'at-most',
    required: 1.5,
    aim: 1,
    unit: '×',
    suite: 'tree',
  },
  {
    id: 'tree-wall-2',
    text: 'tree, 2 threads: wall / xargs cat',
    direction: 'at-most',
    required: 2.5,
    aim: 1.2,
    unit: '×',
    suite: 'tree',
  },
  {
    id: 'kernel-filter',
    text: 'filter kernel: speed / JavaScript Aho-Corasick',
    direction: 'at-least',
    required: 2,
    aim: 3,
    unit: '×',
    suite: 'kernels',
  },
  {
    id: 'kernel-inflate',
    text: 'inflate kernel: speed / native zlib, a call an object',
    direction: 'at-least',
    required: 0.9,
    aim: 1.3,
    unit: '×',
    suite: 'kernels',
  },
  {
    id: 'rules-5x',
    text: 'cost of 5 × the rules, whole run, 1 thread: CPU',
    direction: 'at-most',
    required: 1.8,
    aim: 1.3,
    unit: '×',
    suite: 'rules',
  },
  {
    id: 'staged',
    text: 'staged commit of 10 files: wall − node -e 0',
    direction: 'at-most',
    required: 35,
    aim: 20,
    unit: 'ms',
    suite: 'start-up',
  },
  {
    id: 'incremental',
    text: 'incremental, 50 new commits: wall − node -e 0',
    direction: 'at-most',
    required: 60,
    aim: 35,
    unit: 'ms',
    suite: 'start-up',
  },
  {
    id: 'memory-1',
    text: 'peak memory, 1 thread: 300 MB pack, 1 GB blob',
    direction: 'at-most',
    required: 240,
    aim: 150,
    unit: 'MB',
    suite: 'memory',
  },
  {
    id: 'memory-2',
    text: 'peak memory, 2 threads: the same',
    direction: 'at-most',
    required: 280,
    aim: 150,
    unit: 'MB',
    suite: 'memory',
  },
  {
    id: 'delta-seam',
    text: 'findings that delta-seam and whole objects do not share',
    direction: 'at-most',
    required: 0,
    aim: 0,
    unit: '',
    suite: 'readers',
  },
  {
    id: 'archive-tar',
    text: 'tar.gz, 1 thread: CPU and wall / tar xzO',
    direction: 'at-most',
    required: 1.5,
    aim: 1,
    unit: '×',
    suite: 'archives',
  },
  {
    id: 'archive-zip',
    text: 'zip, 1 thread: CPU and wall / unzip -p',
    direction: 'at-most',
    required: 1.5,
    aim: 1,
    unit: '×',
    suite: 'archives',
  },
  {
    id: 'archive-none',
    text: 'tree without archives: CPU / with --no-archives',
    direction: 'at-most',
    required: 1.03,
    aim: 1,
    unit: '×',
    suite: 'archives',
  },
  {
    id: 'decoders',
    text: 'decoders on a plain source tree: CPU / without them',
    direction: 'at-most',
    required: 1.15,
    aim: 1.05,
    unit: '×',
    suite: 'decoders',
  },
];

/** Of a reason, so that the table stays one. */
const mostCharacters = 200;

/** The gates with these ids, in the order of the table; all when none is named. Throws on an unknown id. */
export function selectGates(ids) {
  const known = gates.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new Error(`no gate is called "${unknown}"; there are: ${known.join(', ')}`);
  }
  return ids.length === 0 ? [...gates] : gates.filter(({ id }) => ids.includes(id));
}

/** @returns {Outcome} */
export function measured(value, note = '') {
  return { value, note };
}

/** `why` may be what a program said: one line of it is kept. @returns {Outcome} */
export function notMeasured(why) {
  return { why: why.replace(/\s+/g, ' ').slice(0, mostCharacters) };
}

/** A gate without a value is not passed: else it could not fail. */
export function passes({ direction, required }, outcome) {
  if (!outcome || !('value' in outcome) || !Number.isFinite(outcome.value)) return false;
  return direction === 'at-most' ? outcome.value <= required : outcome.value >= required;
}

/** The outcome that is farther from the aim; one that is missing is worse than any. `parts` is by material. */
export function worst({ direction }, parts) {
  const entries = Object.entries(parts);
  if (entries.length === 0) return notMeasured('no material that says anything about it');
  const missing = entries.find(([, outcome]) => !('value' in outcome));
  if (missing) return notMeasured(`${missing[0]}: ${missing[1].why}`);
  const values = entries.map(([, { value }]) => value);
  const note = entries
    .map(([name, { value, note: more }]) => `${name} ${shown(value)}${more ? ` (${more})` : ''}`)
    .join(', ');
  return measured(direction === 'at-most' ? Math.max(...values) : Math.min(...values), note);
}

/** A number as the table shows it. */
export function shown(value, unit = '×') {
  return unit === '×' ? value.toFixed(2) : value.toFixed(0);
}

/** Gates and outcomes → the table that is printed. */
import { passes, shown } from './gates.mjs';

const headings = ['gate', '', 'measured', 'required', 'aim', ''];

/**
 * @param {readonly import('./gates.mjs').Gate[]} wanted
 * @param {Record<string, import('./gates.mjs').Outcome>} outcomes By id.
 */
export function renderTable(wanted, outcomes) {
  const rows = wanted.map((gate) => row(gate, outcomes[gate.id]));
  const widths = headings.map((heading, at) =>
    Math.max(heading.length, ...rows.map(({ cells }) => cells[at].length)),
  );
  const line = (cells) =>
    cells.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])));
  return [headings, ...rows.map(({ cells }) => cells)]
    .map((cells, at) => `${line(cells).join('  ')}  ${rows[at - 1]?.note ?? ''}`.trimEnd())
    .join('\n');
}

function row(gate, outcome) {
  const { id, text, direction, required, aim, unit } = gate;
  const sign = direction === 'at-most' ? '≤' : '≥';
  const limits = [`${sign} ${amount(required, unit)}`, amount(aim, unit)];
  const verdict = passes(gate, outcome) ? 'pass' : 'FAIL';
  if (!outcome || !('value' in outcome)) {
    const why = outcome?.why ?? 'no outcome';
    return { cells: [id, text, '', ...limits, verdict], note: `not measured: ${why}` };
  }
  const value = amount(outcome.value, unit);
  return { cells: [id, text, value, ...limits, verdict], note: outcome.note ?? '' };
}

function amount(value, unit) {
  return `${shown(value, unit)} ${unit}`.trim();
}

/** Gates → their outcomes, suite by suite. A suite that fails takes its own gates with it, no others. */
import { notMeasured } from './gates.mjs';

/**
 * @param {readonly import('./gates.mjs').Gate[]} wanted
 * @param {Record<string, import('./suites.mjs').Suite>} suites
 * @param {import('./suites.mjs').Bench} bench
 * @returns {Promise<Record<string, import('./gates.mjs').Outcome>>} One for every gate, by id.
 */
export async function runGates(wanted, suites, bench) {
  const outcomes = {};
  for (const name of new Set(wanted.map(({ suite }) => suite))) {
    const gates = wanted.filter(({ suite }) => suite === name);
    const found = await attempt(suites[name], bench, gates);
    for (const { id } of gates) outcomes[id] = found[id] ?? notMeasured('its suite says nothing');
  }
  return outcomes;
}

async function attempt(suite, bench, gates) {
  try {
    if (!suite) throw new Error('there is no such suite yet');
    return await suite(bench, gates);
  } catch (error) {
    return Object.fromEntries(gates.map(({ id }) => [id, notMeasured(error.message)]));
  }
}

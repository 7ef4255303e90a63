/** Outcomes of several materials or gates together: what fails takes nothing else with it. */
import { notMeasured, worst } from './gates.mjs';

/**
 * For each gate that of the material where it is worst.
 *
 * @param {readonly import('./gates.mjs').Gate[]} wanted
 * @param {readonly import('./material.mjs').Material[]} materials
 * @param {(material: import('./material.mjs').Material) => Record<string, import('./gates.mjs').Outcome>} measure
 *   May leave a gate out when the material says nothing about it. What it throws is the reason why
 *   nothing could be measured.
 */
export function outcomesByMaterial(wanted, materials, measure) {
  const byMaterial = materials.map((material) => attempt(wanted, material, measure));
  const names = distinct(materials.map(({ name }) => name));
  return Object.fromEntries(
    wanted.map((gate) => {
      const parts = names
        .map((name, at) => [name, byMaterial[at][gate.id]])
        .filter(([, outcome]) => outcome !== undefined);
      return [gate.id, worst(gate, Object.fromEntries(parts))];
    }),
  );
}

/** None may hide another of the same name. */
function distinct(names) {
  return names.map((name, at) => {
    const before = names.slice(0, at).filter((one) => one === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

/**
 * One outcome for each gate.
 *
 * @param {readonly import('./gates.mjs').Gate[]} wanted
 * @param {(gate: import('./gates.mjs').Gate) => import('./gates.mjs').Outcome | Promise<import('./gates.mjs').Outcome>} measure
 *   What it throws is the reason why there is no value.
 */
export async function outcomesByGate(wanted, measure) {
  const outcomes = {};
  for (const gate of wanted) {
    try {
      outcomes[gate.id] = await measure(gate);
    } catch (error) {
      outcomes[gate.id] = notMeasured(error.message);
    }
  }
  return outcomes;
}

function attempt(wanted, material, measure) {
  try {
    return measure(material);
  } catch (error) {
    return Object.fromEntries(wanted.map(({ id }) => [id, notMeasured(error.message)]));
  }
}

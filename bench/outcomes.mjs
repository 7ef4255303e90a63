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
  const byMaterial = materials.map((material) => [
    material.name,
    attempt(wanted, material, measure),
  ]);
  return Object.fromEntries(
    wanted.map((gate) => {
      const parts = byMaterial.filter(([, outcomes]) => gate.id in outcomes);
      return [
        gate.id,
        worst(gate, Object.fromEntries(parts.map(([name, outcomes]) => [name, outcomes[gate.id]]))),
      ];
    }),
  );
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

/** Outcomes of several materials → one for each gate: the worst counts. */
import { notMeasured, worst } from './gates.mjs';

/**
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

function attempt(wanted, material, measure) {
  try {
    return measure(material);
  } catch (error) {
    return Object.fromEntries(wanted.map(({ id }) => [id, notMeasured(error.message)]));
  }
}

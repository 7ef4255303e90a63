/** The same runs every time; SEED=2 MORE=10 in the environment looks elsewhere, and for longer. */
export function propertyRuns(count: number): { readonly seed: number; readonly numRuns: number } {
  const { SEED = '1311', MORE = '1' } = process.env;
  return { seed: Number(SEED), numRuns: count * Number(MORE) };
}

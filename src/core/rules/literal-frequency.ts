/** How often a literal is expected in source text: characters taken as independent. */

/** Share of each kind of character in a mix of source trees; rough on purpose. */
const groups: readonly (readonly [characters: string, share: number])[] = [
  [' ', 0.15],
  ['e', 0.06],
  ['tainors', 0.035],
  ['ldcpumf', 0.02],
  ['ghbyvkwx', 0.01],
  ['jqz', 0.002],
  ['ETAINORSC', 0.005],
  ['LDPUMFGHBYVKWXJQZ', 0.0025],
  ['0123456789', 0.006],
  ['_."\'/', 0.012],
  ['()-=:;,\n', 0.014],
];

const shares = new Map(
  groups.flatMap(([characters, share]) => characters.split('').map((c) => [c, share])),
);
const otherShare = 0.003;

/** Expected occurrences per byte of text. */
export function literalFrequency(text: string, ignoreCase: boolean): number {
  let frequency = 1;
  for (const character of text) {
    const share = shares.get(character) ?? otherShare;
    const upper = character.toUpperCase();
    const more = ignoreCase && upper !== character ? (shares.get(upper) ?? otherShare) : 0;
    frequency *= share + more;
  }
  return frequency;
}

/** What a key's name says: nothing, or what the key is for and where it runs. */

const environments = {
  production: ['production', 'prod', 'prd', 'live'],
  staging: ['staging', 'stage', 'stg', 'preprod', 'uat'],
  development: ['development', 'develop', 'dev', 'local'],
  test: ['test', 'testing', 'qa', 'ci', 'e2e'],
  preview: ['preview', 'sandbox', 'demo'],
} as const;

const words = Object.values(environments).flat();

/** purpose-environment: `mailer-production`, `billing-export_staging`. */
export const defaultNamePattern = new RegExp(
  `^[a-z0-9]+(?:[-_.][a-z0-9]+){0,10}[-_.](?:${words.join('|')})$`,
  'i',
);

/** Names that were taken because a name was asked for. Chosen. */
const fillers = new Set(
  'default test tests testing tmp temp temporary foo bar baz qux asdf qwerty abc xyz xxx todo untitled unnamed noname name new old my the a an some key keys apikey api secret token credential example sample demo dummy fake try hello placeholder changeme copy of delete me'.split(
    ' ',
  ),
);

/** Every word of it is a filler: `default`, `test-key-2`, `My new API key`. */
export function isPlaceholder(name: string): boolean {
  const parts = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
  return parts.every((word) => fillers.has(word));
}

/** For the whole account rather than for one program: such a key needs full access. */
export function isForAdministration(name: string): boolean {
  return /(?:^|[^a-z])(?:admin|administrator|ops|operator|root|owner|master|keywarden|rotation|rotate|audit|backup|spare|break-?glass)(?:$|[^a-z])/i.test(
    name,
  );
}

/** The environment that a word stands for, under one name. */
export function environmentNamed(word: string): string | undefined {
  const lower = word.toLowerCase();
  return Object.entries(environments).find(([, names]) =>
    (names as readonly string[]).includes(lower),
  )?.[0];
}

/** The environments that the parts of a path name: `deploy/.env.production`. */
export function environmentsIn(path: string): readonly string[] {
  const found = path.split(/[^A-Za-z0-9]+/).flatMap((word) => environmentNamed(word) ?? []);
  return [...new Set(found)].sort();
}

/**
 * What is left of a name without what a rotation changes: `mailer-prod (rotated 2026-03-01)`,
 * `mailer-prod-v2` and `mailer-prod-old` are one. Empty when nothing is left.
 */
export function stemOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_.()[\]-]+/g, '-')
    .replace(/(?:-(?:v?\d+|rotated|rotation|old|new|next|previous|copy|successor))+-?$/, '')
    .replace(/^-+|-+$/g, '');
}

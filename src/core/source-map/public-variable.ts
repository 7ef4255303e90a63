/**
 * Variables of the environment that bundlers put into what browsers and phones load, by their names.
 * Parcel has no prefix, and Nuxt writes other names than the variable's into its pages: neither can be told.
 */

/** Each with where its maker says so. Read 2026-11-26: Create React App, Storybook, SvelteKit; the others are generally known. */
const prefixes = {
  /** @see https://vite.dev/guide/env-and-mode */
  VITE_: 'Vite',
  /** @see https://nextjs.org/docs/app/guides/environment-variables */
  NEXT_PUBLIC_: 'Next.js',
  /** @see https://create-react-app.dev/docs/adding-custom-environment-variables/ */
  REACT_APP_: 'Create React App',
  /** @see https://cli.vuejs.org/guide/mode-and-env.html */
  VUE_APP_: 'Vue CLI',
  /** @see https://nuxt.com/docs/guide/going-further/runtime-config */
  NUXT_PUBLIC_: 'Nuxt',
  /** @see https://www.gatsbyjs.com/docs/how-to/local-development/environment-variables/ */
  GATSBY_: 'Gatsby',
  /** @see https://docs.expo.dev/guides/environment-variables/ */
  EXPO_PUBLIC_: 'Expo',
  /** @see https://storybook.js.org/docs/configure/environment-variables */
  STORYBOOK_: 'Storybook',
  /** @see https://svelte.dev/docs/kit/$env-static-public and https://docs.astro.build/en/guides/environment-variables/ */
  PUBLIC_: 'SvelteKit, Astro',
} as const;

/** A public key is public anyway, whatever it is called for. */
const name = `(?!PUBLIC_KEY)(?:${Object.keys(prefixes).join('|')})[A-Z0-9_]{1,100}`;
const openQuote = '\\\\*["\'`]';

/** `{VITE_KEY:"`, `"VITE_KEY":"`, `VITE_KEY="`, also escaped; with blanks in code that was not minified. */
const assigned = new RegExp(
  `(?<![A-Za-z0-9_])(${name})(?:${openQuote})?\\s{0,4}[:=]\\s{0,4}${openQuote}$`,
);
const inEnvironment = new RegExp(`^(?:export\\s+)?(${name})\\s*=\\s*["']?$`);
const asked = new RegExp(
  `(?:import\\.meta\\.env|process\\.env|\\benv)(?:\\??\\.|\\??\\.?\\[["'\`])(${name})(?![A-Za-z0-9_])`,
  'g',
);
const imported = new RegExp(`^(${name})(?![A-Za-z0-9_])`);

/**
 * The variable whose value begins where `before`, the text of its line up to there, ends. `isMinified`: only
 * as machines write it, without a blank.
 */
export function assignedVariable(before: string, isMinified: boolean): string | undefined {
  const found = assigned.exec(before.slice(-200));
  return found && isMinified && /\s/.test(found[0]) ? undefined : found?.[1];
}

/** The same in a file of variables. */
export function definedVariable(before: string): string | undefined {
  return inEnvironment.exec(before.trimStart())?.[1];
}

/** The variable that an original asks for at a place of its line; elsewhere on the line, if it is the only one. */
export function askedVariable(line: string, column: number): string | undefined {
  const from = line.slice(column);
  const direct = imported.exec(from)?.[1];
  if (direct !== undefined) return direct;
  const all = [...line.matchAll(asked)];
  const here = all.find(({ index }) => index === column);
  const names = new Set((here ? [here] : all).map((found) => found[1]));
  return names.size === 1 ? [...names][0] : undefined;
}

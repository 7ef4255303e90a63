/** Files of other tools at a folder's top → what they mean here. Loaded only where there is one. */
import type { Foreign } from './foreign.ts';
import { foreignNames } from './names.ts';
import { readForeignFile } from './read-foreign-file.ts';

const readers = {
  '.gitleaks.toml': async (text, name, folder) =>
    (await import('./gitleaks-toml.ts')).readGitleaksToml(text, name, folder),
  '.gitleaksignore': async (text, name) =>
    (await import('./gitleaks-ignore.ts')).readGitleaksIgnore(text, name),
  '.secrets.baseline': async (text, name) =>
    (await import('./detect-secrets.ts')).readSecretsBaseline(text, name),
} as const satisfies Record<
  (typeof foreignNames)[number],
  (text: string, name: string, folder: string) => Promise<Foreign>
>;

/** Throws UserError for a file that cannot be read as what its name says. */
export async function readForeign(folder: string): Promise<Foreign[]> {
  const found: Foreign[] = [];
  for (const name of foreignNames) {
    const text = readForeignFile(folder, name);
    if (text !== undefined) found.push(await readers[name](text, name, folder));
  }
  return found;
}

/** Another tool's baseline given by --baseline; undefined if the text is none that is known. */
export async function readForeignBaseline(
  text: string,
  file: string,
): Promise<Foreign | undefined> {
  if (text.startsWith('[')) {
    return (await import('./gitleaks-report.ts')).readGitleaksReport(text, file);
  }
  if (/^\{\s*"(?!keywarden-baseline")/.test(text) && text.includes('"results"')) {
    return (await import('./detect-secrets.ts')).readSecretsBaseline(text, file);
  }
  return undefined;
}

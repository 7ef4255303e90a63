/** What a source map and the name of a variable tell of a finding, in words. Not sanitized. */
import { isEnvironmentFile } from '../core/source-map/environment-file.ts';
import type { Finding, Original } from '../core/model/finding.ts';

export function originalPlace({ path, line, column }: Original): string {
  return `${path}:${line}:${column}`;
}

/** `inlined from VITE_KEY: …`; of a file of variables, what will become of it. */
export function variableWords({ variable, path, members }: Finding): string | undefined {
  if (variable === undefined) return undefined;
  return isEnvironmentFile(members.at(-1) ?? path)
    ? `${variable} is put into the bundle: everyone who loads the page will have it`
    : `inlined from ${variable}: everyone who loads the page has it`;
}

/** Whole sentences; empty where nothing is known. */
export function builtText(finding: Finding): string {
  const { original } = finding;
  const words = variableWords(finding);
  return [
    ...(original ? [`Built from ${originalPlace(original)}.`] : []),
    ...(words === undefined ? [] : [`${words.replace(/^inlined/, 'Inlined')}.`]),
  ].join(' ');
}

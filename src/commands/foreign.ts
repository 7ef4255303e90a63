/** Files of other tools at the target's top, and another tool's baseline: what this run heeds of them. */
import { lstatSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Foreign } from '../config/foreign/foreign.ts';
import { foreignNames } from '../config/foreign/names.ts';
import type { AllowEntry } from '../core/findings/suppress.ts';
import { redactTokens } from '../core/findings/redact.ts';
import type { Accepted, ForeignFile } from '../core/model/report.ts';
import type { CompiledRule } from '../core/model/rule.ts';
import { sanitize } from '../core/report/sanitize.ts';
import type { ScanRun } from './run-scan.ts';

/** --strict leaves them out. Throws UserError for one that cannot be read. */
export async function readForeignFiles(
  run: Pick<ScanRun, 'request' | 'repository' | 'strict'>,
): Promise<readonly Foreign[]> {
  const folder = run.strict ? undefined : topOf(run);
  if (folder === undefined || !foreignNames.some((name) => isThere(join(folder, name)))) return [];
  const { readForeign } = await import('../config/foreign/index.ts');
  return readForeign(folder);
}

/** Where such a file counts: where the paths of the report count from. */
export function topOf({
  request: { kind, paths, cwd },
  repository,
}: Pick<ScanRun, 'request' | 'repository'>): string | undefined {
  if (repository) return repository.top;
  if (kind !== 'files') return undefined;
  const path = resolve(cwd, paths[0] ?? '.');
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Rules and ids for `loadRules`. */
export function rulesOf(foreign: readonly Foreign[]): {
  readonly more: readonly CompiledRule[];
  readonly skipKnown: readonly string[];
} {
  return {
    more: foreign.flatMap(({ rules }) => rules),
    skipKnown: foreign.flatMap(({ skip }) => skip),
  };
}

export function allowOf(
  foreign: readonly Foreign[],
  rules: readonly CompiledRule[],
  ignoreBaseline: boolean,
): readonly AllowEntry[] {
  if (foreign.length === 0) return [];
  const known = new Set(rules.map(({ id }) => id));
  return foreign
    .flatMap(({ allow }) => allow(known))
    .filter(({ isBaseline }) => !(ignoreBaseline && isBaseline));
}

/** For the summary. */
export function heeded(
  foreign: readonly Foreign[],
  rules: readonly CompiledRule[],
  accepted: readonly Accepted[],
): ForeignFile[] {
  const running = new Map(rules.map(({ id, source }) => [id, source]));
  return foreign.map(({ file, rules: own, refused }) => ({
    file,
    accepted: accepted.filter(({ from }) => from === file).length,
    rules: own.filter(({ id, source }) => running.get(id) === source).length,
    refused: refused.length,
  }));
}

const mostNotes = 20;

/** What has no meaning here, for standard error. Names in it are those of a file that may be hostile. */
export function refusedNotes(foreign: readonly Foreign[]): string[] {
  const all = foreign.flatMap(({ refused }) => refused);
  const told = all
    .slice(0, mostNotes)
    .map((text) => `not understood: ${sanitize(redactTokens(text))}`);
  const more = all.length - told.length;
  return more > 0 ? [...told, `not understood: ${more} more; see: keywarden migrate`] : told;
}

/** The built-in table and users' rule files → the rules of this run. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledRule, RuleSet } from '../core/model/rule.ts';
import { UserError } from '../core/model/user-error.ts';
import { didYouMean } from '../core/nearest.ts';
import { packageRoot } from './package-root.ts';
import { unpackRules } from './packed-rules.ts';

export interface RuleSelection {
  /** Rule files beside the built-in rules; a rule with a built-in's id takes its place. */
  readonly rules?: readonly string[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Rules of other tools; one with the id of one of ours is not run. */
  readonly more?: readonly CompiledRule[];
  /** As `skip`, where there is a rule of that id. */
  readonly skipKnown?: readonly string[];
}

/** Throws UserError on a bad file and on an id that no rule has. */
export async function loadRules(selection: RuleSelection = {}): Promise<RuleSet> {
  const builtIn = readBuiltIn();
  const files = selection.rules ?? [];
  const only = new Set(selection.only ?? []);
  const skip = new Set(selection.skip ?? []);
  const more = selection.more ?? [];
  const known = new Set(builtIn.rules.map(({ id }) => id));
  const skipKnown = new Set((selection.skipKnown ?? []).filter((id) => known.has(id)));
  const given = [files.length, only.size, skip.size, more.length, skipKnown.size];
  if (given.every((count) => count === 0)) return builtIn;
  const { asRuleSet, checkRequirements } = await import('../core/rules/rule-set.ts');
  const own = await compileFiles(files);
  const ownIds = new Set(own.map(({ id }) => id));
  const foreign = more.filter(({ id }) => !known.has(id) && !ownIds.has(id));
  const all = [...builtIn.rules.filter(({ id }) => !ownIds.has(id)), ...own, ...foreign];
  checkIds([...only, ...skip], all);
  checkRequirements(all);
  const needed = (rule: CompiledRule): boolean =>
    all.some(({ id, requires }) => only.has(id) && requires.some((one) => one.rule === rule.id));
  const kept = all.filter(
    (rule) =>
      (only.size === 0 || only.has(rule.id) || needed(rule)) &&
      !skip.has(rule.id) &&
      !skipKnown.has(rule.id),
  );
  if (kept.length === 0) throw new UserError('no rule is left to run; check --only and --skip');
  const ids = new Set(kept.map(({ id }) => id));
  // A pair whose other half was left out is found on its own.
  const ruleSet = asRuleSet(
    kept.map((rule) => ({ ...rule, requires: rule.requires.filter((one) => ids.has(one.rule)) })),
  );
  const { buildFilterTables } = await import('../core/rules/filter-tables.ts');
  const tables = buildFilterTables(ruleSet.rules);
  return tables ? { ...ruleSet, tables } : ruleSet;
}

function readBuiltIn(): RuleSet {
  const path = join(packageRoot(), 'dist', 'rules.bin');
  try {
    return unpackRules(readShared(path));
  } catch (error) {
    throw new UserError(`${path}: the rule table is missing; build it with: npm run build`, {
      cause: error,
    });
  }
}

/** A file's bytes in memory that threads can share. */
function readShared(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.from(new SharedArrayBuffer(fstatSync(fd).size));
    for (let at = 0; at < bytes.length;) {
      const size = readSync(fd, bytes, at, bytes.length - at, at);
      if (size === 0) throw new Error(`${path} ends early`);
      at += size;
    }
    return bytes;
  } finally {
    closeSync(fd);
  }
}

/** Chosen: each costs its reading, and a scanned repository can name any number. */
const mostFiles = 100;

async function compileFiles(files: readonly string[]): Promise<CompiledRule[]> {
  if (files.length === 0) return [];
  const { readRuleFile } = await import('./rule-files.ts');
  const { compileRule } = await import('../core/rules/compile.ts');
  const { checkCost } = await import('../core/rules/cost.ts');
  const { checkGlobs } = await import('./check-globs.ts');
  if (files.length > mostFiles) throw new UserError(`rules: more than ${mostFiles} rule files`);
  return files.flatMap(readRuleFile).map((rule) => {
    checkGlobs(rule.paths, `rule ${rule.id}: paths`);
    const compiled = compileRule(rule);
    checkCost(compiled, () => performance.now());
    return compiled;
  });
}

function checkIds(ids: readonly string[], rules: readonly CompiledRule[]): void {
  const known = rules.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  throw new UserError(
    `no rule is called "${unknown}"${didYouMean(unknown, known)}; list them with: keywarden rules list`,
  );
}

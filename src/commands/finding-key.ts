/** A finding of a saved report → the key itself, read again where it was found. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadRules } from '../config/load-rules.ts';
import { secretId } from '../core/findings/identity.ts';
import { defaultArchiveLimits } from '../core/model/archive-limits.ts';
import type { Finding } from '../core/model/finding.ts';
import type { Report } from '../core/model/report.ts';
import type { CompiledRule } from '../core/model/rule.ts';
import { Secret } from '../core/model/secret.ts';
import type { Unit } from '../core/model/unit.ts';
import { UserError } from '../core/model/user-error.ts';
import { parseReport } from '../core/report/parse-report.ts';
import { runUnits } from '../engine/pool.ts';
import { providerFor } from '../providers/index.ts';
import { feedWith } from '../sources/feed.ts';
import { accessTo, repositoryAround } from '../sources/git/repository.ts';
import type { Io } from './command.ts';
import type { KeyInput } from './key-input.ts';

/** `given`: `REPORT.json#FINGERPRINT`. Throws UserError when the key is not there any more. */
export async function readFinding(given: string, io: Io): Promise<KeyInput> {
  const hash = given.lastIndexOf('#');
  const [file, fingerprint] = [given.slice(0, Math.max(0, hash)), given.slice(hash + 1)];
  if (file === '' || fingerprint === '') {
    throw new UserError('--finding: expected REPORT.json#FINGERPRINT');
  }
  const { rules } = await loadRules();
  const facts = Object.fromEntries(rules.map((rule) => [rule.id, rule]));
  const report = parseReport(readReport(resolve(io.cwd, file), file), file, facts);
  const finding = report.findings.find((one) => one.fingerprint === fingerprint);
  if (!finding) throw new UserError(`${file}: holds no finding ${fingerprint}`);
  const provider = providerFor(finding.rule);
  const rule = facts[finding.rule];
  if (!provider || !rule) {
    const page = rule?.revoke === undefined ? '' : `; revoke it there: ${rule.revoke}`;
    throw new UserError(`${finding.rule}: keywarden cannot revoke keys of this kind${page}`);
  }
  const exposure = report.keys.find((one) => one.secretId === finding.secretId);
  // Any of its places will do.
  const places = [finding, ...(exposure?.findings ?? [])];
  const value = await readAgain(places, report, rule, io);
  const exposedSince = exposure?.firstSeen?.date;
  return {
    provider,
    target: {
      issuer: provider.id,
      key: new Secret(value, provider.prefixes ?? []),
      foundIn: [...new Set(places.map(placeOf))],
      hasContext: true,
      ...(exposedSince === undefined ? {} : { exposedSince }),
    },
  };
}

function readReport(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${shown}: this report cannot be read`, { cause: error });
  }
}

/** A place as shown to people. */
export function placeOf({ path, members, start, git }: Finding): string {
  const inside = members.length > 0 ? ` (${members.join(' › ')})` : '';
  const commit = git?.inHead === false ? git.lastPresent : undefined;
  const when = commit === undefined ? '' : ` (in history, last in ${commit.slice(0, 12)})`;
  return `${path}:${start.line}${inside}${when}`;
}

async function readAgain(
  places: readonly Finding[],
  report: Report,
  rule: CompiledRule,
  { cwd, signal }: Io,
): Promise<string> {
  const [{ secretId: id, path } = { secretId: '', path: '' }] = places;
  const options = { rules: [rule], feed: feedWith(defaultArchiveLimits), jobs: 1, signal };
  for (const unit of unitsOf(places, report, cwd)) {
    for await (const { matches } of runUnits([unit], options)) {
      const match = matches.find(({ secret }) => secretId(secret) === id);
      if (match) return match.secret;
    }
  }
  throw new UserError(
    `${path}: the key of that finding is not there any more; give it with --stdin, or its id with --key-id`,
  );
}

/** Working files first, then the objects that the report names. */
function* unitsOf(places: readonly Finding[], { target }: Report, cwd: string): Generator<Unit> {
  const repository = repositoryAround(folderOf(resolve(cwd, target.path)));
  const roots = [...new Set([cwd, ...(repository?.top === undefined ? [] : [repository.top])])];
  for (const { path } of places) {
    for (const open of roots.map((root) => resolve(root, path))) {
      const stats = statSync(open, { throwIfNoEntry: false });
      if (!stats?.isFile()) continue;
      yield { kind: 'files', files: [{ path, open, bytes: stats.size }], bytes: stats.size };
    }
  }
  if (!repository) return;
  const { idLength } = repository;
  const access = accessTo(repository);
  const isId = (text: string | undefined): text is string =>
    text !== undefined && text.length === idLength && /^[0-9a-f]+$/.test(text);
  const oids = places.flatMap(({ git }) => [git?.blob, git?.introduced?.commit]).filter(isId);
  for (const oid of new Set(oids)) {
    yield { kind: 'objects', access, oids: [oid], bytes: 0 };
  }
}

function folderOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() ? path : resolve(path, '..');
}

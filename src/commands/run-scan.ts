/** The pipeline of every scan, as one sentence. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Foreign } from '../config/foreign/foreign.ts';
import { loadRules } from '../config/load-rules.ts';
import { packageVersion } from '../config/package-root.ts';
import { parseBaseline, type BaselineEntry } from '../core/findings/baseline.ts';
import { redactor } from '../core/findings/redactor.ts';
import { suppress, type Suppressible } from '../core/findings/suppress.ts';
import { mayBeShown, triage, type TriageOptions } from '../core/findings/triage.ts';
import { defaultArchiveLimits, type ArchiveLimits } from '../core/model/archive-limits.ts';
import type { Attributed } from '../core/model/attributed.ts';
import type { Config } from '../core/model/config.ts';
import { inventoryFile } from '../core/model/key-owner.ts';
import type { Finding } from '../core/model/finding.ts';
import type { Report } from '../core/model/report.ts';
import type { RuleSet } from '../core/model/rule.ts';
import type { Secret } from '../core/model/secret.ts';
import type { KeptStream } from '../core/model/unit.ts';
import { UserError } from '../core/model/user-error.ts';
import { collect } from '../core/report/collect.ts';
import { openLedger } from '../core/report/ledger.ts';
import type { Progress } from '../platform/progress.ts';
import type { Stopwatch } from '../platform/stopwatch.ts';
import { mayTell } from '../sources/maps/may-tell.ts';
import { since } from '../reporters/words.ts';
import type { Repository } from '../sources/git/repository.ts';
import type { CheckKeys } from './check-keys.ts';
import { allowOf, heeded, readForeignFiles, refusedNotes, rulesOf } from './foreign.ts';
import { redactCovered, secretsInNames } from './secrets-in-names.ts';
import type { Told } from './owners.ts';
import type { ProvenanceQuestion } from './provenance.ts';
import { lookInto } from './look-into.ts';
import { planTarget, type TargetRequest } from './target.ts';
import { searchAgain } from './search-again.ts';

export interface ScanRun {
  readonly request: TargetRequest;
  readonly config: Config;
  readonly repository: Repository | undefined;
  readonly strict: boolean;
  readonly signal: AbortSignal;
  readonly now: Date;
  readonly progress?: Progress;
  readonly stopwatch?: Stopwatch | undefined;
  /** Leaves the baseline out: `baseline create` wants to see everything. */
  readonly ignoreBaseline?: boolean;
  /** Reports state where the repository comes from. */
  readonly withProvenance?: 'always' | 'with-findings' | 'never' | undefined;
  /** Asks issuers about what is left to report. Absent: nobody is asked anything. */
  readonly check?: CheckKeys;
  /** Reports tell lines by GitHub's hash. */
  readonly withLineHashes?: boolean;
}

export interface Scanned {
  readonly report: Report;
  /** What a person should know beside it. */
  readonly notes: readonly string[];
  /** Lets the next run build on this one, if it was complete and its report has arrived. Returns a note. */
  readonly remember?: () => string | undefined;
}

export async function runScan(run: ScanRun): Promise<Scanned> {
  const { request, config, repository, signal } = run;
  const baseline = run.ignoreBaseline ? [] : await readAccepted(baselineFile(run));
  const foreign = [...(await readForeignFiles(run)), ...('refused' in baseline ? [baseline] : [])];
  const ruleSet = await loadRules({ ...config, ...rulesOf(foreign) });
  const entries = 'refused' in baseline ? [] : baseline;
  const memory = await openMemory(run, ruleSet);
  // What a change leaves alone is told by the filter's tables only.
  const wholeObjects = request.wholeObjects === true || ruleSet.tables === undefined;
  const archives = {
    ...defaultArchiveLimits,
    ...config.archiveLimits,
    isCompiledOnly: !config.archives,
  };
  const ledger = openLedger();
  const provenance = provenanceOf(run);
  const { planned, found } = await lookInto(run, ruleSet, archives, ledger, {
    plan: (expect) =>
      planTarget({ ...request, wholeObjects }, config, repository, signal, memory?.last, expect),
    noteFound: provenance.expect,
  });
  const placed = await planned.place(found, searchAgain(ruleSet));
  run.stopwatch?.lap('place');
  for (const problem of placed.problems) ledger.problem(problem);
  const matchesPath = await pathTest(
    ruleSet.rules.some(({ paths }) => paths.length > 0) && found.length > 0,
  );
  const inNames = secretsInNames(placed.attributed, ledger.close(), ruleSet);
  const triageOptions = {
    rules: ruleSet.rules,
    minConfidence: config.minConfidence,
    matchesPath,
    inNames,
  };
  const attributed = await located(placed.attributed, triageOptions, run, archives, planned.kept);
  const triaged = triage(attributed, triageOptions);
  const candidates = await hashed(triaged, run, archives);
  const today = run.now.toISOString().slice(0, 10);
  const kept = suppress(candidates, {
    strict: run.strict,
    allow: [...config.allow, ...allowOf(foreign, ruleSet.rules, run.ignoreBaseline === true)],
    baseline: entries,
    today,
  });
  const { states, problems = [] } = (await checked(run, kept.findings, ruleSet)) ?? {};
  for (const problem of problems) ledger.problem(problem);
  const isWhole = planned.isWhole && entries.length > 0 && !signal.aborted;
  const secrets = [...inNames, ...candidates.map(({ finding }) => finding.secret)];
  const known = [...new Set(secrets)];
  const covered = redactCovered(ledger.close(), redactor(known));
  const { complete, bytes } = covered.coverage;
  const isEmptyStream = request.kind === 'stdin' && complete && bytes === 0;
  const { sinceLast } = planned.target;
  const isNothingNew = sinceLast && complete && covered.coverage.units === 0;
  const report = collect({
    version: packageVersion(),
    ruleSet,
    target: {
      ...planned.target,
      ...(isEmptyStream ? { empty: 'the stream is empty' } : {}),
      ...(isNothingNew ? { empty: `nothing is new ${since(sinceLast)}` } : {}),
      ...(await provenance.tell(known, ruleSet, kept.findings.length > 0)),
    },
    findings: kept.findings,
    ...(states ? { states } : {}),
    suppressed: kept.suppressed,
    accepted: kept.accepted,
    foreign: heeded(foreign, ruleSet.rules, kept.accepted),
    ...(isWhole ? { stale: kept.stale } : {}),
    ...covered,
  });
  const { seen: lookedAt } = planned;
  const owners = await whose(run, report, ruleSet);
  return {
    report: { ...report, keys: owners.keys },
    notes: [
      ...refusedNotes(foreign),
      ...(memory?.notes ?? []),
      ...(owners.note === undefined ? [] : [owners.note]),
    ],
    ...(memory && lookedAt ? { remember: () => memory.save(lookedAt()) } : {}),
  };
}

async function openMemory({ request, config, repository, ...run }: ScanRun, ruleSet: RuleSet) {
  if (!request.sinceLast || !repository) return undefined;
  const { openMemory: open } = await import('./since-last.ts');
  return open({ ...run, request, config, repository, ruleSet });
}

function checked({ check, signal }: ScanRun, findings: readonly Finding[], ruleSet: RuleSet) {
  return findings.length === 0 || signal.aborted ? undefined : check?.(findings, ruleSet);
}

/** Commits come without findings, and folders without an inventory: neither loads anything. */
async function whose({ request }: ScanRun, { keys }: Report, ruleSet: RuleSet): Promise<Told> {
  if (keys.length === 0 || !existsSync(join(request.cwd, inventoryFile))) return { keys };
  const { tellOwnersIn } = await import('./owners.ts');
  return tellOwnersIn(request.cwd, keys, ruleSet);
}

/** Globs of rules are rare; their matcher is loaded when one is there. */
async function pathTest(
  isNeeded: boolean,
): Promise<(globs: readonly string[], path: string) => boolean> {
  if (!isNeeded) return () => true;
  const { pathMatcher } = await import('../config/path-matcher.ts');
  const matchers = new Map<readonly string[], (path: string) => boolean>();
  return (globs, path) => {
    const matcher = matchers.get(globs) ?? pathMatcher(globs);
    matchers.set(globs, matcher);
    return matcher(path);
  };
}

export const defaultBaseline = '.keywarden-baseline';

/** The baseline that counts, and whether it must be there. */
export function baselineFile({
  config,
  repository,
  request,
}: Pick<ScanRun, 'config' | 'repository' | 'request'>): {
  readonly path: string;
  readonly isNamed: boolean;
} {
  if (config.baseline !== undefined) return { path: config.baseline, isNamed: true };
  return { path: join(repository?.top ?? request.cwd, defaultBaseline), isNamed: false };
}

export function readBaseline({ path, isNamed }: ReturnType<typeof baselineFile>): BaselineEntry[] {
  if (!existsSync(path)) {
    if (!isNamed) return [];
    throw new UserError(`${path}: no such baseline; make it with: keywarden baseline create`);
  }
  return parseBaseline(readFileSync(path, 'utf8'), path);
}

/** Ours, or another tool's that was named. */
async function readAccepted(
  file: ReturnType<typeof baselineFile>,
): Promise<BaselineEntry[] | Foreign> {
  if (!file.isNamed || !existsSync(file.path)) return readBaseline(file);
  const text = readFileSync(file.path, 'utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (!text.startsWith('[') && !text.includes('"results"')) return readBaseline(file);
  const { readForeignBaseline } = await import('../config/foreign/index.ts');
  return (await readForeignBaseline(text, basename(file.path))) ?? readBaseline(file);
}

/** Only where something was found in what a build makes, or in a file of variables. */
async function located(
  attributed: readonly Attributed[],
  options: TriageOptions,
  { request, repository }: ScanRun,
  archives: ArchiveLimits | undefined,
  kept: KeptStream | undefined,
): Promise<readonly Attributed[]> {
  const isTold = ({ path, match }: Attributed): boolean =>
    mayTell(path, match.origin.inside?.members);
  if (!attributed.some(isTold)) return attributed;
  const { withOriginals } = await import('./originals.ts');
  const rules = new Map(options.rules.map((rule) => [rule.id, rule]));
  const isAsked = (one: Attributed): boolean => mayBeShown(one, rules.get(one.match.rule), options);
  return withOriginals(attributed, isAsked, request, repository, archives, kept?.chunks);
}

async function hashed(
  triaged: Suppressible[],
  { withLineHashes, repository }: ScanRun,
  archives: ArchiveLimits | undefined,
): Promise<Suppressible[]> {
  if (!withLineHashes || triaged.length === 0) return triaged;
  const { withLineHashes: add } = await import('./line-hashes.ts');
  return add(triaged, repository, archives);
}

/** Long scans ask as soon as something was found, which is mostly reported, too. */
function provenanceOf({ withProvenance, repository, request }: ScanRun) {
  let asked: Promise<ProvenanceQuestion> | undefined;
  async function ask(of: Repository): Promise<ProvenanceQuestion> {
    const { askProvenance } = await import('./provenance.ts');
    return askProvenance(of);
  }
  const isAsked = (hasFindings: boolean): boolean =>
    withProvenance === 'always' || (withProvenance === 'with-findings' && hasFindings);
  return {
    expect(): void {
      if (repository && request.kind === 'history' && isAsked(true)) asked ??= ask(repository);
    },
    async tell(
      known: readonly Secret[],
      ruleSet: RuleSet,
      hasFindings: boolean,
    ): Promise<Pick<Report['target'], 'remote' | 'branch'>> {
      if (!repository || !isAsked(hasFindings)) return {};
      const question = await (asked ?? ask(repository));
      return question.answer(known, ruleSet);
    },
  };
}

/** Between findings and report, where it was asked for: issuers are asked, live keys are revoked. */
import { isDeepStrictEqual } from 'node:util';
import { loadRules } from '../config/load-rules.ts';
import type { Config, VerifyWay } from '../core/model/config.ts';
import type { KeyState } from '../core/model/exposure.ts';
import type { Finding } from '../core/model/finding.ts';
import type { Problem } from '../core/model/problem.ts';
import type { RuleSet } from '../core/model/rule.ts';
import type { Progress } from '../platform/progress.ts';
import type { Io } from './command.ts';
import type { Parsed } from './flags.ts';
import { openIssuers } from './issuers.ts';
import type { Revoker } from './revoke-found.ts';
import { verifyKeys } from './verify-keys.ts';

type Revoking = typeof import('./revoke-found.ts');

export interface Checked {
  /** By secret id. */
  readonly states: ReadonlyMap<string, KeyState>;
  readonly problems: readonly Problem[];
}

export type CheckKeys = (findings: readonly Finding[], ruleSet: RuleSet) => Promise<Checked>;

/** Throws UserError for what can be known before a scan. */
export async function openCheck(
  way: VerifyWay,
  config: Config,
  parsed: Parsed,
  io: Io,
  progress: Progress,
): Promise<CheckKeys> {
  const { signal } = io;
  const httpFor = openIssuers(config, io);
  const revoke =
    parsed.flags['revoke'] === true ? await openRevoker(config, httpFor, parsed, io) : undefined;
  return async (findings, ruleSet) => {
    const verified = await verifyKeys(findings, {
      way,
      httpFor,
      isBuiltIn: await builtInTest(ruleSet),
      signal,
      now: () => io.now().getTime(),
      onProgress: (state) => progress.asking(state),
    });
    progress.end();
    for (const message of new Set(verified.problems.map((one) => one.message))) {
      io.stderr.write(`keywarden: ${message}\n`);
    }
    const states = revoke && !signal.aborted ? await revoke(verified) : verified.states;
    return { states, problems: [...verified.problems, ...interruption(signal)] };
  };
}

async function openRevoker(...given: Parameters<Revoking['openRevoker']>): Promise<Revoker> {
  const { openRevoker: open } = await import('./revoke-found.ts');
  return open(...given);
}

/**
 * Rule files come from anywhere, a scanned project's among them. One that has a built-in's id must not
 * decide which keys are sent to whom.
 */
async function builtInTest({ hash, rules }: RuleSet): Promise<(id: string) => boolean> {
  const builtIn = await loadRules();
  if (builtIn.hash === hash) return () => true;
  const bare = (all: RuleSet['rules'], id: string): unknown => {
    const rule = all.find((one) => one.id === id);
    // Pairs of which --skip took one half.
    return rule && { ...rule, requires: [] };
  };
  return (id) => isDeepStrictEqual(bare(rules, id), bare(builtIn.rules, id));
}

function interruption(signal: AbortSignal): readonly Problem[] {
  if (!signal.aborted) return [];
  return [{ kind: 'interrupted', where: 'issuers', message: 'the verification was interrupted' }];
}

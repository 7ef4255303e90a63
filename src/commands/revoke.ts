/** `keywarden revoke`: plan, question, revocation, proof. */
import { isFine } from '../core/model/revocation.ts';
import { asAsked } from '../lifecycle/revocation/policy.ts';
import { revokeAll } from '../lifecycle/revocation/revoke-all.ts';
import type { Revocation, RevocationPlan } from '../lifecycle/revocation/plan.ts';
import type { Command, Io } from './command.ts';
import { keyFlags } from './key-flags.ts';
import { readKeyInput } from './key-input.ts';
import { openSession, tellHead, type KeySession } from './key-session.ts';
import { write } from './outputs.ts';
import { outcomeText, planText, revocationFields } from './revocation-text.ts';

export const revoke: Command = {
  usage: 'revoke',
  summary: 'take a key out of service, and show that it is',
  flags: {
    ...keyFlags,
    finding: {
      kind: 'text',
      value: 'REPORT.json#FINGERPRINT',
      help: 'a finding of a saved report; its place is read again',
    },
    'with-itself': { kind: 'switch', help: 'a full-access key revokes itself' },
  },
  examples: [
    ['pbpaste | keywarden revoke --stdin --dry-run', 'what would happen to the key you copied'],
    ['keywarden revoke --finding keys.json#kf1_…', 'the key of a finding'],
    ['keywarden revoke --key-id ID --issuer robotomail', 'a key of which only the id is known'],
  ],
  async run(parsed, io) {
    const isJson = parsed.flags['format'] === 'json';
    const { provider, target } = await readKeyInput(parsed, io);
    const session = await openSession(provider, parsed, io);
    const { api, ports, isDryRun } = session;
    let isSeen = false;
    const [done] = await revokeAll([target], {
      ...ports,
      use: 'revoke',
      withItself: parsed.flags['with-itself'] === true,
      policy: asAsked,
      apiOf: () => api,
      isDryRun,
      async confirm(plans) {
        isSeen = await showPlan(plans, session, isJson, io);
        return session.agree('Revoke it?');
      },
    });
    if (!done) throw new Error('a revocation without a result');
    await show(done, session, { isJson, isSeen }, io);
    tellHead(ports, io);
    if (io.signal.aborted) return Number(io.signal.reason);
    return code(done);
  },
};

/** The plan is seen before the question, wherever the output goes. True: on standard output. */
async function showPlan(
  plans: readonly RevocationPlan[],
  { api }: KeySession,
  isJson: boolean,
  { stdout, stderr }: Io,
): Promise<boolean> {
  const text = plans.map((plan) => planText(plan, api)).join('\n');
  const isSeen = !isJson && stdout.isTTY === true;
  if (isSeen) await write(stdout, text);
  else stderr.write(text);
  return isSeen;
}

async function show(
  done: Revocation,
  { api, ports }: KeySession,
  { isJson, isSeen }: { readonly isJson: boolean; readonly isSeen: boolean },
  { stdout }: Io,
): Promise<void> {
  if (isJson) {
    const { file } = ports.receipts;
    const head = ports.receipts.head();
    const fields = {
      schema: 1,
      command: 'revoke',
      ...(revocationFields(done, api) as object),
      ...(head === undefined ? {} : { receipt: { file, head } }),
    };
    await write(stdout, `${JSON.stringify(fields, null, 2)}\n`);
    return;
  }
  const hasOutcome = done.outcome !== undefined;
  const plan = isSeen ? '' : planText(done.plan, api, hasOutcome);
  await write(stdout, `${plan}${hasOutcome ? outcomeText(done, api) : ''}`);
}

function code({ outcome, plan }: Revocation): number {
  if (outcome !== undefined) return isFine(outcome) ? 0 : 2;
  return plan.decision.kind === 'failed' ? 2 : 0;
}

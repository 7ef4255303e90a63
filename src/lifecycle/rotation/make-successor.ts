/** The step that makes the new key. Never asked for twice without looking for what the first made. */
import { secretId } from '../../core/findings/identity.ts';
import type { CreatedKey } from '../../providers/provider.ts';
import { describeScope, isSameScope } from '../scope.ts';
import { clearOrphans, sweepOrphans } from './orphans.ts';
import { addReceipt, listKeys, save, StepFailed, type Run } from './run.ts';

const mostAttempts = 2;
/** A listing may show a new key late. */
const lookUps = 4;
const lookUpPauseMs = 500;

/** From `planned` to `created`, or back to `planned` when the answer was lost and nothing is left of it. */
export async function makeSuccessor(run: Run): Promise<void> {
  const { provider, http, operator } = run.api;
  const { wish } = run.state;
  if (run.attempts === mostAttempts) {
    throw new StepFailed('the answer was lost each time a new key was asked for; none is left');
  }
  run.attempts += 1;
  const listed = await listKeys(run);
  const snapshot = run.state.snapshot ?? listed.map(({ id }) => id);
  await addReceipt(run, 'about-to-create');
  save(run, { step: 'creating', snapshot, askedAt: run.ports.clock.now().toISOString() });
  const answer = await provider.create?.(operator, wish, http);
  if (!answer) throw new StepFailed(`${provider.name} makes no keys for others`);
  if (answer.ok) return keep(answer.value, run);
  const { kind, message } = answer.failure;
  if (kind !== 'unreachable' && kind !== 'unexpected') {
    throw new StepFailed(`the new key was not made: ${message}`);
  }
  run.ports.note(`no clear answer to the request for a new key: ${message}`);
  await afterLostAnswer(run);
}

/** Also where a process starts that finds `creating`. */
export async function afterLostAnswer(run: Run): Promise<void> {
  save(run, { lostAnswer: true });
  await clearOrphans(run);
  save(run, { step: 'planned' });
}

async function keep(created: CreatedKey, run: Run): Promise<void> {
  const { key, id, prefix, scope } = created;
  run.newKey = key;
  save(run, {
    step: 'created',
    successor: {
      secretId: secretId(key.reveal()),
      redacted: key.redacted,
      prefix,
      ...(id === undefined ? {} : { keyId: id }),
    },
  });
  if (id === undefined) await findId(run);
  await addReceipt(run, 'created');
  const { wish } = run.state;
  if (scope.kind !== 'unknown' && !isSameScope(comparable(scope, wish.scope), wish.scope)) {
    throw new StepFailed(`the new key opens something else: ${describeScope(scope)}`);
  }
  await sweepOrphans(run);
}

/** Robotomail says "scoped" and not which mailboxes; they are asked for when the key is tried. */
function comparable(made: CreatedKey['scope'], wish: CreatedKey['scope']): CreatedKey['scope'] {
  const isBare = made.ids === undefined && made.kind === wish.kind && wish.ids !== undefined;
  return isBare ? { ...made, ids: wish.ids } : made;
}

/** The one entry that was not there before and begins like the new key. */
export async function findId(run: Run): Promise<void> {
  const { snapshot = [], successor, wish } = run.state;
  if (!successor) return;
  const before = new Set(snapshot);
  for (let look = 1; ; look += 1) {
    const fresh = (await listKeys(run)).filter(({ id, isEnabled }) => isEnabled && !before.has(id));
    const alike = fresh.filter(({ prefix }) => prefix === successor.prefix);
    const nameless = fresh.filter(({ prefix, name }) => prefix === null && name === wish.name);
    const found = alike.length > 0 ? alike : nameless;
    const [only] = found;
    if (only && found.length === 1) {
      save(run, { successor: { ...successor, keyId: only.id } });
      return;
    }
    if (found.length > 1 || look === lookUps) {
      const shown = found.map(({ id }) => id).join(', ');
      throw new StepFailed(
        `which entry of the listing the new key is cannot be told${shown === '' ? '' : ` (${shown})`}`,
      );
    }
    await run.ports.clock.sleep(lookUpPauseMs);
  }
}

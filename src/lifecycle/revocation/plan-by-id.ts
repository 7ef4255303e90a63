/** A plan for a key that a person named by its id. Reads only. */
import type { KeyApi } from '../ports.ts';
import type { PlanOptions } from './make-plan.ts';
import { planEntry, type Armed } from './plan-entry.ts';
import { decided, refused, type Draft, type RevocationPlan } from './plan.ts';

export async function planById(
  draft: Draft,
  { operator, ...api }: KeyApi,
  { use, withItself }: PlanOptions,
): Promise<RevocationPlan> {
  const { provider, http } = api;
  const { keyId = '' } = draft;
  if (operator === undefined) {
    return decided(draft, refused(`no credential: set ${provider.credentialVariable}`));
  }
  const own = await provider.identify?.(operator, operator, http);
  const isItself = own?.kind === 'found' && own.id === keyId;
  const maybe = own?.kind === 'ambiguous' && own.candidates.some(({ id }) => id === keyId);
  const isFree = withItself || use === 'rotate';
  if ((isItself || maybe) && !isFree) {
    const what = isItself ? 'is' : 'may be';
    return decided(
      draft,
      refused(
        `that id ${what} the credential's own; give another credential, or say --with-itself`,
      ),
    );
  }
  const armed = { ...api, operator };
  const named = await nameOf(draft, armed);
  return planEntry(
    {
      ...draft,
      by: isItself || maybe ? 'itself' : 'operator',
      use,
      isOwnUnknown: own?.kind !== 'found' && !isFree,
      ...(named === undefined ? {} : { named }),
    },
    keyId,
    armed,
  );
}

/** What the issuer says that the raw key's id is, where that is given too; null: it could not say. */
async function nameOf(
  { target, before, keyId }: Draft,
  { provider, http, operator }: Armed,
): Promise<string | null | undefined> {
  if (target.key === undefined || before?.state !== 'live') return undefined;
  const found = await provider.identify?.(target.key, operator, http);
  if (found?.kind === 'found') return found.id;
  if (found?.kind === 'ambiguous') {
    return found.candidates.some(({ id }) => id === keyId) ? keyId : null;
  }
  return found?.kind === 'absent' ? null : undefined;
}

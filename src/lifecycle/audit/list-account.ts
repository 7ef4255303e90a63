/** Asks an issuer what an audit needs: the listing first, as asking about a key may count as its use. */
import { secretId } from '../../core/findings/identity.ts';
import type { Secret } from '../../core/model/secret.ts';
import type { KeyEntry } from '../../providers/provider.ts';
import { certainId } from '../inventory/certain-id.ts';
import type { KeyApi } from '../ports.ts';

export interface ListedAccount {
  readonly keys: readonly KeyEntry[];
  /** Secret ids of the raw keys that are at hand and certainly of this account, by key id. */
  readonly digests: ReadonlyMap<string, string>;
  readonly operatorId?: string;
  /** The credential sees only a part of the account: which. */
  readonly part?: string;
  /** Raw keys of which it could not be told for certain which one they are, and why. */
  readonly unplaced: readonly { readonly key: Secret; readonly why: string }[];
}

export type Listing =
  | { readonly ok: true; readonly account: ListedAccount }
  | { readonly ok: false; readonly failure: string };

/** `given`: raw keys of this issuer that a person handed in. The operator's own key is placed too. */
export async function listAccount(
  api: Required<KeyApi>,
  given: readonly Secret[],
): Promise<Listing> {
  const { provider, http, operator } = api;
  if (!provider.list) return { ok: false, failure: `${provider.name} lists no keys` };
  const listed = await provider.list(operator, http);
  if (!listed.ok) return { ok: false, failure: listed.failure.message };
  const keys = listed.value;
  const digests = new Map<string, string>();
  const unplaced: { key: Secret; why: string }[] = [];
  const own = await certainId(operator, keys, api);
  if (own.id !== undefined) digests.set(own.id, secretId(operator.reveal()));
  for (const key of given) {
    const found = await certainId(key, keys, api);
    if (found.id === undefined) unplaced.push({ key, why: found.why });
    else digests.set(found.id, secretId(key.reveal()));
  }
  const part = await partSeen(api);
  return {
    ok: true,
    account: {
      keys,
      digests,
      unplaced,
      ...(own.id === undefined ? {} : { operatorId: own.id }),
      ...(part === undefined ? {} : { part }),
    },
  };
}

/** Where keys are bound to a part of the account, a key of a part lists that part. */
async function partSeen({ provider, http, operator }: Required<KeyApi>) {
  if (!provider.tells.scope) return undefined;
  const { scope } = await provider.probe(operator, http);
  if (scope?.kind !== 'pod' && scope?.kind !== 'inbox') return undefined;
  return [scope.kind, ...(scope.ids ?? [])].join(' ');
}

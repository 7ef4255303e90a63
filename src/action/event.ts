/** The event's payload → what it introduces. Names of branches come as data and go nowhere near a shell. */
import { UserError } from '../core/model/user-error.ts';

export type Asked =
  | { readonly kind: 'tree' }
  | { readonly kind: 'history' }
  | { readonly kind: 'nothing'; readonly why: string }
  | {
      readonly kind: 'range';
      /** Where the range starts; absent where the event knows no commit before. */
      readonly from?: string;
      readonly to: string;
      /** From the commit that both have in common. */
      readonly isSymmetric: boolean;
      /** What to start from when `from` is absent, or is nowhere to be had. */
      readonly fallback?: string;
    };

type Json = Readonly<Record<string, unknown>>;
const zeros = /^0+$/;

/** Throws UserError when a payload lacks what its event always has. */
export function readEvent(name: string, payload: unknown): Asked {
  const event = asObject(payload);
  switch (name) {
    case 'pull_request':
    case 'pull_request_target': {
      const pull = asObject(event['pull_request']);
      const from = id(asObject(pull['base'])['sha'], 'pull_request.base.sha');
      const to = id(asObject(pull['head'])['sha'], 'pull_request.head.sha');
      return { kind: 'range', from, to, isSymmetric: true };
    }
    case 'merge_group': {
      const group = asObject(event['merge_group']);
      const from = id(group['base_sha'], 'merge_group.base_sha');
      return {
        kind: 'range',
        from,
        to: id(group['head_sha'], 'merge_group.head_sha'),
        isSymmetric: false,
      };
    }
    case 'push':
      return readPush(event);
    default:
      return { kind: 'history' };
  }
}

/** A new branch has zeros before it; after a push with force, what was before may be gone. */
function readPush(event: Json): Asked {
  const before = id(event['before'], 'before');
  const to = id(event['after'], 'after');
  if (event['deleted'] === true || zeros.test(to))
    return { kind: 'nothing', why: 'a ref was deleted' };
  const main = asObject(event['repository'])['default_branch'];
  const isMain = event['ref'] === `refs/heads/${String(main)}`;
  const fallback = typeof main === 'string' && !isMain ? { fallback: `refs/heads/${main}` } : {};
  const from = zeros.test(before) ? {} : { from: before };
  return { kind: 'range', ...from, to, isSymmetric: false, ...fallback };
}

function id(value: unknown, where: string): string {
  if (typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value)) return value;
  throw new UserError(`the event's payload has no commit id at ${where}`);
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** Where a rotation stands, as it is kept on the disk. No raw secret: keys are known by their ids. */
import {
  count,
  date,
  flag,
  listOf,
  object,
  oneOf,
  text,
  ShapeError,
  type Read,
} from '../../core/report/json-shape.ts';
import type { KeyScope } from '../../providers/provider.ts';
import type { SinkPlace } from '../sinks/sink.ts';

/**
 * `creating`: a new key may be there that nobody knows the secret of. `created`: its id is known.
 * `delivered`: every sink has it. `verified`: it works. `revoking`: the old one may be gone.
 * `undoing`: the new key is being taken back. `ended`: nothing is left to do.
 */
const steps = [
  'planned',
  'creating',
  'created',
  'delivered',
  'verified',
  'revoking',
  'revoked',
  'undoing',
  'ended',
] as const;

const permissions: Read<Readonly<Record<string, boolean>>> = (value, at) =>
  Object.fromEntries(
    Object.entries(object({})(value, at) && (value as object)).map(([name, one]) => [
      name,
      flag(one, `${at}.${name}`),
    ]),
  );

const scope = object(
  { kind: oneOf(['full', 'mailboxes', 'organization', 'pod', 'inbox', 'unknown']) },
  { ids: listOf(text), permissions },
) satisfies Read<KeyScope>;

const placeFields = object(
  { kind: oneOf(['env-file', 'file', 'exec', 'stdout']) },
  { path: text, name: text, command: text },
);

const place: Read<SinkPlace> = (value, at) => {
  const { kind, path, name, command } = placeFields(value, at);
  if (kind === 'stdout') return { kind };
  if (kind === 'exec' && command !== undefined) return { kind, command };
  if (kind === 'file' && path !== undefined) return { kind, path };
  if (kind === 'env-file' && path !== undefined && name !== undefined) return { kind, path, name };
  throw new ShapeError(`${at} should be a sink`);
};

const deliveryState = object(
  { place, status: oneOf(['open', 'writing', 'done', 'restored']) },
  /** Id of the secret that was there before; absent where nothing was, or it cannot be read. */
  { before: text, hadValue: flag },
);

const rotationState = object(
  {
    v: count,
    step: oneOf(steps),
    issuer: text,
    startedAt: date,
    /** Of the process that wrote this. */
    pid: count,
    old: object({ keyId: text, createdAt: text }, { secretId: text, redacted: text }),
    wish: object({ name: text, scope }),
    sinks: listOf(deliveryState),
  },
  {
    /** Ids that were there right before the new key was asked for. */
    snapshot: listOf(text),
    /** When the last new key was asked for. */
    askedAt: date,
    /** An answer to that was lost, or the process died before it. */
    lostAnswer: flag,
    successor: object({ secretId: text, redacted: text, prefix: text }, { keyId: text }),
    outcome: oneOf(['revoked-proven', 'revoked-unproven', 'failed']),
    detail: text,
  },
);

export type RotationState = ReturnType<typeof rotationState>;
export type Delivery = RotationState['sinks'][number];

/** Throws ShapeError or SyntaxError. */
export function parseState(json: string): RotationState {
  return rotationState(JSON.parse(json), '');
}

export function formatState(state: RotationState): string {
  return `${JSON.stringify(state, null, 2)}\n`;
}

/** What providers make of an HTTP answer when they did not get what they asked for. Holds no wording of an issuer. */
import { ShapeError, type Read } from '../core/report/json-shape.ts';
import type { Secret } from '../core/model/secret.ts';
import type { HttpAnswer } from './http.ts';
import type { Answer, Failure, KeyEntry, Probe } from './provider.ts';

/** The value where it has this shape; undefined where it has not. */
export function fits<T>(read: Read<T>, value: unknown): T | undefined {
  try {
    return read(value, '');
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

/** A field that may be missing, or null, which says the same. */
export function maybe<T>(read: Read<T>): Read<T | undefined> {
  return (value, at) => (value === null || value === undefined ? undefined : read(value, at));
}

export function ok<T>(value: T): Answer<T> {
  return { ok: true, value };
}

export function failed<T>(failure: Failure): Answer<T> {
  return { ok: false, failure };
}

export function unknown(detail: string, status?: number): Probe {
  return { state: 'unknown', detail, ...(status === undefined ? {} : { status }) };
}

/** `unknown` with its reason, for every answer that decides nothing. */
export function undecided(answer: HttpAnswer, isHere = 'is this the address of its API?'): Probe {
  if (answer.kind === 'none') return unknown(answer.message);
  const { status, json } = answer;
  if (status === 429) return unknown('the issuer asks for patience (HTTP 429)', status);
  if (status >= 500) return unknown(`the issuer has a failure (HTTP ${status})`, status);
  if (status >= 300 && status < 400) {
    return unknown(`was sent elsewhere (HTTP ${status}), and nothing follows`, status);
  }
  if (status === 404) return unknown(`not found (HTTP 404): ${isHere}`, status);
  const isOther = json === undefined ? 'an answer that is no JSON' : 'an answer of another form';
  return unknown(`${isOther} (HTTP ${status})`, status);
}

const kinds: Readonly<Record<number, Failure['kind']>> = {
  400: 'invalid',
  401: 'rejected',
  402: 'payment',
  403: 'forbidden',
  404: 'not-found',
  409: 'invalid',
  422: 'invalid',
  429: 'rate-limited',
};

const reasons: Readonly<Record<Failure['kind'], string>> = {
  rejected: 'the credential is not accepted',
  forbidden: 'the credential may not do this',
  payment: 'the account is behind a payment gate',
  suspended: 'the account is suspended',
  'not-found': 'there is no such thing, or it is out of reach of the credential',
  'last-active-key': 'the issuer keeps the only active full-access key of an account',
  invalid: 'the issuer refuses what was asked',
  'rate-limited': 'the issuer asks for patience',
  unreachable: 'no answer that counts: it may have been done or not',
  unexpected: 'the answer is not of the documented form',
};

/**
 * The failure that an answer is. `what` names the request: `Robotomail: POST /api-keys`. Whatever leaves
 * open whether it was done is `unreachable`: no answer, 5xx, and for `isWrite` also a success that cannot be read.
 */
export function failureOf(answer: HttpAnswer, what: string, isWrite: boolean): Failure {
  if (answer.kind === 'none') return failure('unreachable', `${what}: ${answer.message}`);
  const { status, json } = answer;
  const isRefusal = status >= 400 && status < 500;
  if (isRefusal && (status === 429 || isObject(json))) {
    return failure(kinds[status] ?? 'unexpected', what, status);
  }
  if (status >= 500 || (isWrite && status < 300)) return failure('unreachable', what, status);
  return failure('unexpected', what, status);
}

/** The standard words for its kind, behind `what`. */
export function failure(kind: Failure['kind'], what: string, status?: number): Failure {
  if (status === undefined) return { kind, message: `${what}: ${reasons[kind]}` };
  return { kind, message: `${what}: HTTP ${status}, ${reasons[kind]}`, status };
}

/** The JSON of an answer with this status; undefined for any other. */
export function jsonAt(answer: HttpAnswer, status: number): unknown {
  return isStatus(answer, status) && answer.kind === 'answer' ? answer.json : undefined;
}

export function isStatus(answer: HttpAnswer, status: number): boolean {
  return answer.kind === 'answer' && answer.status === status;
}

/** The JSON of a success, whatever its status. */
export function jsonOfSuccess(answer: HttpAnswer): unknown {
  return isSuccess(answer) && answer.kind === 'answer' ? answer.json : undefined;
}

export function isSuccess(answer: HttpAnswer): boolean {
  return answer.kind === 'answer' && answer.status >= 200 && answer.status < 300;
}

/** An id as one segment of a path; undefined where that cannot be. */
export function segment(id: string): string | undefined {
  return id === '' || /^\.\.?$/.test(id) ? undefined : encodeURIComponent(id);
}

/**
 * Enabled entries that show the raw key's beginning. `bare` beginnings (`rm_`) say nothing about which key
 * it is, nor does a missing one.
 */
export function byPrefix(
  key: Secret,
  entries: readonly KeyEntry[],
  bare: readonly string[],
): readonly KeyEntry[] {
  const raw = key.reveal();
  return entries.filter(
    ({ isEnabled, prefix }) =>
      isEnabled && prefix !== null && raw.startsWith(prefix) && isTelling(prefix, bare),
  );
}

function isTelling(prefix: string, bare: readonly string[]): boolean {
  return prefix !== '' && !bare.some((one) => one.startsWith(prefix));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

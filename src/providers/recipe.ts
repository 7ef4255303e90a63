/**
 * An issuer of which one question is enough: is this key live? Data only; the host is fixed here and nowhere
 * else, and never comes from a rule file.
 */
import type { Read } from '../core/report/json-shape.ts';
import { fits, undecided } from './answers.ts';
import type { HttpAnswer } from './http.ts';
import type { Probe, Verifier } from './provider.ts';

export interface Recipe extends Omit<Verifier, 'probe'> {
  /** A request that reads nothing private and changes nothing. */
  readonly request: { readonly method: 'GET' | 'POST'; readonly path: string };
  /** What answers mean, the first that fits: status and form of the JSON. Everything else is unknown. */
  readonly readings: readonly Reading[];
}

export interface Reading {
  readonly status: number;
  readonly json: Read<unknown>;
  readonly means: Omit<Probe, 'status' | 'checkedAt'>;
}

export function verifierOf({ request, readings, ...issuer }: Recipe): Verifier {
  return {
    ...issuer,
    async probe(key, http) {
      return read(await http.send({ ...request, bearer: key.reveal() }), readings);
    },
  };
}

function read(answer: HttpAnswer, readings: readonly Reading[]): Probe {
  if (answer.kind === 'none') return undecided(answer);
  const { status, json } = answer;
  const found = readings.find((one) => one.status === status && fits(one.json, json) !== undefined);
  return found ? { ...found.means, status } : undecided(answer);
}

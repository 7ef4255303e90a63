/** A name that is a secret itself, or holds one. */
import { eachKey, type Check } from '../check.ts';

export const nameHoldsSecret: Check = {
  id: 'name-holds-secret',
  severity: 'critical',
  title: "The key's name holds a secret",
  why: 'Names are shown to everybody who may list keys, and stand in logs and mails. Nothing in them is protected.',
  remedy: 'Revoke what stands in the name, and give the key another name.',
  run: ({ keys, secretsInNames }) =>
    eachKey(keys, ({ id, name }) => {
      const kind = name === null ? undefined : secretsInNames.get(name);
      return kind === undefined ? undefined : `the name of the key ${id} holds a secret (${kind})`;
    }),
};

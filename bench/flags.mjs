/** The flags of the benchmark, checked. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { selectGates } from './gates.mjs';

const options = {
  gates: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [] },
  runs: { type: 'string' },
  history: { type: 'string', multiple: true, default: [] },
  tree: { type: 'string' },
  json: { type: 'string' },
  'no-peers': { type: 'boolean', default: false },
};

const runsToPass = 5;
const runsToLook = 3;

/** Throws, with a message for a person, on a flag or a value that is not known. */
export function readFlags(args) {
  const { values } = parseArgs({ args, options });
  const runs = Number(values.runs ?? (values.gates ? runsToPass : runsToLook));
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs: ${values.runs} is no count`);
  return {
    mustPass: values.gates,
    /** Whoever asks for single gates wants those alone. */
    withPeers: !values['no-peers'] && values.only.length === 0,
    gates: selectGates(values.only),
    runs,
    history: values.history,
    tree: values.tree,
    json: values.json === undefined ? undefined : resolve(values.json),
  };
}

/** Gate: what looking into encoded text costs on plain source text. A switch that nothing obeys is no measurement. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measured } from './gates.mjs';
import { secretLine } from './make-secrets.mjs';
import { compare } from './measure.mjs';
import { random } from './random.mjs';
import { readReport, timeScan } from './scan.mjs';

/** Obeyed for measuring alone; no flag, and in no document for users. */
const off = { KEYWARDEN_DECODERS: 'off' };

/** @type {import('./suites.mjs').Suite} */
export async function measureDecoders({ runs, scratch, log, tree }) {
  const { path } = await tree();
  log('decoders');
  const folder = join(scratch, 'encoded');
  // Without the decoders no scan is complete.
  const flags = ['--allow-incomplete'];
  const scan = (where, env) => () =>
    timeScan({ kind: 'tree', path: where, jobs: 1, scratch, env, flags });
  makeEncoded(folder);
  checkSwitch((env) => {
    scan(folder, env)();
    return readReport(scratch);
  });
  const { on, without } = compare({ on: scan(path, {}), without: scan(path, off) }, runs);
  return { decoders: measured(on.cpuMs / without.cpuMs) };
}

/**
 * Throws unless an encoded key is found with the decoders and not without.
 *
 * @param {(env: Record<string, string>) => { summary: { keys: number } }} scan
 */
export function checkSwitch(scan) {
  if (scan({}).summary.keys === 0) throw new Error('an encoded key is not found');
  if (scan(off).summary.keys > 0) throw new Error('KEYWARDEN_DECODERS=off changes nothing');
}

/** A file whose only key is in base64. */
export function makeEncoded(folder) {
  mkdirSync(folder, { recursive: true });
  const line = secretLine(random(1), 0);
  writeFileSync(join(folder, 'encoded.txt'), `config = ${Buffer.from(line).toString('base64')}\n`);
}

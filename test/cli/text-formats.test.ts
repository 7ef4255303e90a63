/** Text that is no source: what people and tools leave beside it. The key is found once a place, where it stands, and never shown. */
import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scan } from '../../src/commands/library.ts';
import { makeTree } from '../support/make-tree.ts';
import { robotomailKey } from '../support/sample.ts';

const key = robotomailKey('text formats');
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;

const notebook = json({
  cells: [
    {
      cell_type: 'code',
      source: ['import os\n', `client = Client(api_key="${key}")\n`],
      outputs: [{ output_type: 'stream', name: 'stdout', text: ['ok\n'] }],
    },
  ],
  nbformat: 4,
});
const printed = json({
  cells: [
    {
      cell_type: 'code',
      source: ['print(key)\n'],
      outputs: [{ output_type: 'stream', name: 'stdout', text: [`\u001b[32m${key}\u001b[0m\n`] }],
    },
  ],
});
const har = json({
  log: {
    entries: [
      {
        request: { headers: [{ name: 'Authorization', value: `Bearer ${key}` }] },
        response: { content: { encoding: 'base64', text: base64('{"ok":true}') } },
      },
    ],
  },
});
const body = base64(`{"token":"${key}","expires":3600}`);
const response = json({
  log: { entries: [{ response: { content: { encoding: 'base64', text: body } } }] },
});
const postman = json({
  info: { schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  item: [
    {
      request: { auth: { type: 'bearer', bearer: [{ key: 'token', value: key, type: 'string' }] } },
    },
  ],
});
const state = json({
  version: 4,
  resources: [{ instances: [{ attributes: { name: 'ROBOTOMAIL_API_KEY', value: key } }] }],
});
const secret = `apiVersion: v1\nkind: Secret\ndata:\n  ROBOTOMAIL_API_KEY: ${base64(key)}\n`;
const release = base64(base64(gzipSync(`{"config":{"robotomailKey":"${key}"}}`)));
const helm = `apiVersion: v1\nkind: Secret\ntype: helm.sh/release.v1\ndata:\n  release: ${release}\n`;
const password = ['Tq9vLm2Pz7', 'Kd4RtBwX'].join('');

/** File, content, the steps, and what stands at the place that is told. */
const cases: readonly (readonly [string, string, readonly string[], string])[] = [
  ['source.ipynb', notebook, [], key],
  ['output.ipynb', printed, ['js-escape', 'ansi'], key],
  ['request.har', har, [], key],
  ['response.har', response, ['base64'], body],
  ['collection.json', postman, [], key],
  ['terraform.tfstate', state, [], key],
  ['secret.yaml', secret, ['base64'], base64(key)],
  ['release.yaml', helm, ['base64', 'base64', 'gzip'], release],
  ['deployment.yaml', `env:\n  - name: ROBOTOMAIL_API_KEY\n    value: ${key}\n`, [], key],
  ['.bash_history', `ls\nexport ROBOTOMAIL_API_KEY=${key}\n`, [], key],
  ['.zsh_history', `: 1700000000:0;curl -H "X-Key: ${key}" https://example.org\n`, [], key],
  ['fish_history', `- cmd: set -x ROBOTOMAIL_API_KEY ${key}\n  when: 1700000000\n`, [], key],
  ['.psql_history', `insert\\040into\\040keys\\040values\\040('${key}');\n`, [], key],
  ['job.log', `2026-01-02T03:04:05.0000000Z \u001b[36;1m${key}\u001b[0m done\r\n`, ['ansi'], key],
];

async function scanned(name: string, content: string | Uint8Array) {
  const folder = makeTree();
  writeFileSync(join(folder, name), content);
  return scan({ kind: 'files', paths: [folder] }).report;
}

describe('a key in text that is no source', () => {
  it.each(cases)('%s', async (name, content, steps, shown) => {
    const report = await scanned(name, content);
    const [finding, ...more] = report.findings;
    expect(more).toEqual([]);
    expect(finding?.decoded).toEqual(steps);
    const { start, end } = finding ?? { start: { byte: 0, line: 0 }, end: { byte: 0 } };
    expect(Buffer.from(content).toString('utf8', start.byte, end.byte)).toContain(shown);
    const lines = Buffer.from(content).toString('utf8', 0, start.byte).split('\n');
    expect(start.line).toBe(lines.length);
    expect(report.coverage.complete).toBe(true);
    // Neither the key nor what it is encoded as.
    expect(JSON.stringify(report)).not.toContain(key.slice(8, -6));
    expect(JSON.stringify(report)).not.toContain(shown.slice(8, -8));
  });

  it('is one key in all of them', async () => {
    const folder = makeTree();
    for (const [name, content] of cases) writeFileSync(join(folder, name), content);
    const { keys, findings } = await scan({ kind: 'files', paths: [folder] }).report;
    expect(keys).toHaveLength(1);
    expect(findings).toHaveLength(cases.length);
  });

  it('a password that only its name makes one is told decoded', async () => {
    const content = `kind: Secret\ndata:\n  DB_PASSWORD: ${base64(password)}\n`;
    const { findings } = await scanned('secret.yaml', content);
    expect(findings.map(({ decoded }) => decoded)).toEqual([['base64']]);
  });

  it('a notebook that breaks off is text nevertheless', async () => {
    const { findings } = await scanned('cut.ipynb', notebook.slice(0, notebook.indexOf(key) + 80));
    expect(findings).toHaveLength(1);
  });

  it('a notebook of many megabytes takes time by its size', async () => {
    const picture = base64(Buffer.alloc(3 << 20, 'picture '));
    const cell = (n: number): string =>
      json({
        outputs: [{ data: { 'image/png': picture } }],
        source: [`k${n} = "${robotomailKey(`n${n}`)}"\n`],
      });
    const time = async (count: number): Promise<number> => {
      const content = Array.from({ length: count }, (_, n) => cell(n)).join('');
      const { user } = process.cpuUsage();
      const { findings } = await scanned('large.ipynb', content);
      expect(findings).toHaveLength(count);
      return process.cpuUsage().user - user;
    };
    await time(1);
    const [one, four] = [await time(1), await time(4)];
    expect(four / one).toBeLessThan(16);
  });
});

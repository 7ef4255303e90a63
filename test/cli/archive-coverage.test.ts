/** What the report says of archives: how many of which format were opened, what stayed closed, and which limit ended it. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseReport } from '../../src/core/report/parse-report.ts';
import { gzipQuine } from '../support/gzip-quine.ts';
import { makeTar, makeZip } from '../support/make-archive.ts';
import { makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';

interface Json {
  readonly coverage: { readonly complete: boolean; readonly archives?: unknown };
  readonly problems: readonly { readonly kind: string; readonly message: string }[];
}

async function scan(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await runMain(['scan', ...args, '-f', 'json'], { cwd });
  if (stdout === '') throw new Error(stderr);
  return { code, stdout, ...(JSON.parse(stdout) as Json) };
}

const zip = makeZip([{ name: 'a', content: 'alpha' }]);
const rar = Buffer.from('Rar!\u001a\u0007\u0001\0 and more', 'latin1');
const files = {
  'a.zip': zip,
  'b.tgz': gzipSync(
    makeTar([
      { name: 'in.zip', content: zip },
      { name: 'in.rar', content: rar },
    ]),
  ),
  'c.rar': rar,
  'd.txt': 'text',
};

describe('archives in the report', () => {
  it('are counted by format, those in archives too', async () => {
    const { coverage, stdout } = await scan(makeTree(files));
    const archives = [
      { format: 'gzip', opened: 1, skipped: 0 },
      { format: 'rar', opened: 0, skipped: 2 },
      { format: 'tar', opened: 1, skipped: 0 },
      { format: 'zip', opened: 2, skipped: 0 },
    ];
    expect(coverage).toMatchObject({ complete: false, archives });
    expect(parseReport(stdout, 'report.json', {}).coverage.archives).toEqual(archives);
  });

  it('are told to people', async () => {
    const { stdout } = await runMain(['scan'], { cwd: makeTree(files) });
    expect(stdout).toContain('Archives: opened 1 gzip, 1 tar, 2 zip; left closed 2 rar.');
  });

  it('are not mentioned where there are none', async () => {
    const cwd = makeTree({ 'd.txt': 'text' });
    expect((await scan(cwd)).coverage).not.toHaveProperty('archives');
    expect((await runMain(['scan'], { cwd })).stdout).not.toContain('Archives');
  });

  it('stay closed when that is asked for, and the scan is complete', async () => {
    const { code, coverage } = await scan(
      makeTree({ 'a.zip': zip, 'd.txt': 'x' }),
      '--no-archives',
    );
    expect(code).toBe(0);
    expect(coverage).toMatchObject({
      complete: true,
      archives: [{ format: 'zip', opened: 0, skipped: 1 }],
    });
  });
});

describe('a limit that is met', () => {
  const many = makeTar(Array.from({ length: 30 }, (_, at) => ({ name: `${at}`, content: 'x' })));
  const large = gzipSync(Buffer.alloc(70 << 20));

  it.each<[string, string, Buffer]>([
    ['--max-depth', '3', gzipQuine()],
    ['--max-entries', '10', many],
    ['--max-ratio', '10', large],
    ['--max-total', '1000000', large],
    ['--max-time', '0', large],
  ])('%s %s is in the ledger, and the scan is incomplete', async (flag, value, archive) => {
    const { code, coverage, problems } = await scan(makeTree({ x: archive }), flag, value);
    expect(code).toBe(2);
    expect(coverage.complete).toBe(false);
    const met = problems.filter(({ kind }) => kind === 'archive-limit');
    expect(met).toHaveLength(1);
    expect(met[0]?.message).toContain(`(${flag})`);
  });
});

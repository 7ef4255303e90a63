/** One thread or several: the same bytes. Enough text that threads really start. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/rules/random.ts';
import { sampleSecret } from '../../src/core/rules/sample.ts';
import { builtInRules } from '../support/rules.ts';
import { runBin } from '../support/run-bin.ts';
import { makeFolder } from './make-folder.ts';
import { readReport } from './samples.ts';

const cwd = makeFolder('threads');
const folders = 12;
const filesEach = 10;
/** 46 MB in all: threads start at 40 MiB. */
const fileBytes = 384 << 10;

beforeAll(() => {
  const random = seededRandom('threads');
  for (let folder = 0; folder < folders; folder += 1) {
    mkdirSync(join(cwd, `folder-${folder}`));
    for (let file = 0; file < filesEach; file += 1) {
      const text = Buffer.alloc(fileBytes, 'const answer = 42; // and nothing else on this line\n');
      for (let count = random(5); count > 0; count -= 1) {
        const rule = builtInRules[random(builtInRules.length)];
        if (!rule) continue;
        const secret = sampleSecret(rule, `${random(40)}`);
        text.write(`\n${rule.issuer} key = "${secret}"\n`, random(fileBytes - 30_000), 'latin1');
      }
      writeFileSync(join(cwd, `folder-${folder}`, `file-${file}.ts`), text);
    }
  }
});

it.each(['json', 'sarif', 'pretty'])('%s is the same with --jobs 1, 2 and 5', async (format) => {
  const scan = async (jobs: number) =>
    runBin(['scan', '-f', format, '--jobs', String(jobs), '--min-confidence', 'low'], { cwd });
  const one = await scan(1);
  expect(one.code).toBe(1);
  if (format === 'json') {
    const { coverage, summary } = readReport(one.stdout);
    expect(coverage).toMatchObject({ units: folders * filesEach, complete: true });
    expect(coverage.bytes).toBeGreaterThan(40 << 20);
    expect(summary.findings).toBeGreaterThan(50);
  }
  expect(await scan(2)).toEqual(one);
  expect(await scan(5)).toEqual(one);
});

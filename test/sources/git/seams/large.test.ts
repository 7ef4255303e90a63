/** Files and repositories above the sizes at which other ways are taken. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { planHistory } from '../../../../src/sources/git/plan-history.ts';
import { openRepository } from '../../../../src/sources/git/repository.ts';
import { readBoth } from '../../../support/both-readers.ts';
import { makeVersions } from '../../../support/make-versions.ts';
import { robotomailKey } from '../../../support/sample.ts';
import { runCommand } from '../../../support/scan.ts';

const line = (seed: string): string => `ROBOTOMAIL_API_KEY=${robotomailKey(seed)}\n`;

it('deltas of files above 16 MB, and their deltas below it', async () => {
  const filler = 'lorem ipsum dolor sit amet\n'.repeat(630_000);
  const half = filler.slice(0, filler.length / 2);
  const repo = makeVersions(
    {
      'big.log': [
        filler + line('one'),
        `${half}${line('two')}${filler.slice(half.length)}`,
        half + line('three'),
        half + line('three') + line('four'),
      ],
    },
    { window: 4 },
  );
  const { seams, whole, leftToGit } = await readBoth(repo);
  expect(seams).toEqual(whole);
  expect(leftToGit).toBe(0);
  expect(new Set(whole.matches.map(({ secret }) => secret)).size).toBe(4);
});

/** Text that packs to about a megabyte, a key in it. */
function noise(seed: string): string {
  const random = createHash('shake256', { outputLength: 1 << 20 })
    .update(seed)
    .digest('base64');
  return `${random.replace(/.{76}/g, '$&\n')}\n${line(seed)}`;
}

describe('one thread and two', () => {
  it('make the same report, and so does the other reader', async () => {
    const seeds = Array.from({ length: 12 }, (_, n) => `file${n}`);
    const repo = makeVersions(
      Object.fromEntries(
        seeds.map((seed) => {
          const text = noise(seed);
          return [seed, [text, `${line('all')}${text}`]] as const;
        }),
      ),
      { window: 4 },
    );
    const plan = await planHistory(openRepository(repo.path), { unreachable: true });
    let planned = 0;
    for await (const unit of plan.units) planned += 'where' in unit ? 0 : unit.bytes;
    // From here on threads are started: engine/pool.ts.
    expect(planned).toBeGreaterThan(40 << 20);
    const args = ['scan', '--history', '-f', 'json'];
    const [one, two] = ['1', '2'].map((jobs) => runCommand(repo.path, [...args, '--jobs', jobs]));
    expect(two).toEqual(one);
    expect(one?.code).toBe(1);
    const whole = runCommand(repo.path, args, { KEYWARDEN_READER: 'git' });
    expect(withoutFiltered(one?.stdout ?? '')).toBe(withoutFiltered(whole.stdout));
  });
});

/** How much was searched is where the readers differ. */
function withoutFiltered(report: string): string {
  return report.replace(/"filteredBytes": \d+/, '');
}

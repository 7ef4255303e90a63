/** Runs over a growing history together find what one full run finds at its end. */
import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/rules/random.ts';
import { makeRepo, type Repo } from '../../support/make-repo.ts';
import { robotomailKey } from '../../support/sample.ts';
import { sinceLastRuns } from '../../support/since-last.ts';

type Random = (below: number) => number;

const steps: readonly ((repo: Repo, random: Random, n: number) => void)[] = [
  commit,
  commit,
  commit,
  (repo, random, n) => {
    repo.branch(`topic-${n}`, random(2) === 0 ? 'HEAD' : 'main~1');
    commit(repo, random, n);
  },
  (repo, _random, n) => void repo.tag(`v${n}`, text(n)),
  (repo, _random, n) => void repo.blob(text(n)),
  (repo, _random, n) => {
    repo.write({ 'stashed.env': text(n) });
    repo.stash();
  },
  (repo, random, n) =>
    void repo.commit({ amend: true, files: { [`amended-${random(3)}`]: text(n) } }),
  (repo) => {
    const topic = repo.git(['branch', '--list', 'topic-*', '--format=%(refname:short)']);
    const [first] = topic.split('\n');
    if (!first) return;
    repo.checkout('main');
    repo.git(['branch', '-q', '-D', first]);
  },
  (repo) => void repo.git(['repack', '-q', '-d']),
  (repo) => void repo.git(['gc', '-q']),
];

function commit(repo: Repo, random: Random, n: number): void {
  const path = `dir-${random(2)}/file-${random(4)}.env`;
  repo.commit({ files: { [path]: `${'filler\n'.repeat(random(40))}${text(n)}` } });
}

/** Some keys come again, most are new, some texts have none. */
function text(n: number): string {
  return n % 4 === 0 ? `no key ${n}\n` : `KEY=${robotomailKey(`growing ${n % 11}`)}\n# ${n}\n`;
}

it.each([1, 2, 3, 4])('history %i', async (seed) => {
  const random = seededRandom(`growing ${seed}`);
  const repo = makeRepo();
  repo.commit({ files: { first: text(seed) } });
  repo.commit({ files: { second: text(seed + 1) } });
  const growing = sinceLastRuns();
  const found = new Set<string>();
  let n = 10 * seed;
  for (let round = 0; round < 6; round += 1) {
    const { report } = await growing.run(repo);
    expect(report.coverage.complete).toBe(true);
    for (const { fingerprint } of report.findings) found.add(fingerprint);
    for (let step = 0; step < 3; step += 1) steps[random(steps.length)]?.(repo, random, (n += 1));
  }
  const { report: last } = await growing.run(repo);
  for (const { fingerprint } of last.findings) found.add(fingerprint);
  const whole = await sinceLastRuns().run(repo);
  const all = new Set(whole.report.findings.map(({ fingerprint }) => fingerprint));
  expect(whole.isWhole).toBe(true);
  expect([...all].filter((one) => !found.has(one))).toEqual([]);
  // Nothing was pruned: what was found in between is still there.
  expect([...found].filter((one) => !all.has(one))).toEqual([]);
});

/** A repository of N commits with the shape of a real one: long-lived files, small edits, branches and merges. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Mulberry32, so that every machine measures the same repository. */
export function random(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const words =
  'const return import export function value token error index length string number await result request options config handler client server render update string key path file read write open close buffer stream event listener promise resolve module test expect describe class extends public private static async default type interface'.split(
    ' ',
  );

/** A line of something like source code. */
export function sourceLine(next) {
  const count = 3 + next(9);
  const parts = Array.from(
    { length: count },
    () => words[next(words.length)] + (next(4) === 0 ? next(1000) : ''),
  );
  const signs = [' = ', '(', ') ', ', ', '.', ' => ', ': ', '; ', ' + ', "'", '"'];
  return (
    ' '.repeat(2 * next(5)) + parts.reduce((line, part) => line + signs[next(signs.length)] + part)
  );
}

const fileCount = 400;
const startLines = 220;
const filesPerCommit = 3;

/** Writes the repository into `folder` (made new). */
export function makeHistory(folder, commits) {
  const next = random(20_260_101);
  mkdirSync(folder, { recursive: true });
  spawnSync('git', ['init', '-q', '--bare', folder]);
  const files = Array.from({ length: fileCount }, () =>
    Array.from({ length: startLines }, () => sourceLine(next)),
  );
  const out = [];
  const blob = (index) => {
    const text = Buffer.from(`${files[index].join('\n')}\n`);
    return Buffer.concat([
      Buffer.from(
        `M 100644 inline src/module-${index % 40}/file-${index}.ts\ndata ${text.length}\n`,
      ),
      text,
      Buffer.from('\n'),
    ]);
  };
  for (let commit = 1; commit <= commits; commit += 1) {
    const message = `change ${commit}\n`;
    out.push(
      Buffer.from(
        `commit refs/heads/main\nmark :${commit}\ncommitter bench <bench@localhost> ${1_500_000_000 + commit * 600} +0000\ndata ${message.length}\n${message}`,
      ),
    );
    if (commit > 1) out.push(Buffer.from(`from :${commit - 1}\n`));
    // Every 40th commit merges one from a while ago, as topic branches do.
    if (commit > 100 && commit % 40 === 0) out.push(Buffer.from(`merge :${commit - 20}\n`));
    const touched = commit === 1 ? files.map((_, index) => index) : [];
    while (commit > 1 && touched.length < filesPerCommit) touched.push(next(fileCount));
    for (const index of new Set(touched)) {
      const lines = files[index];
      for (let edit = 0; edit < 4; edit += 1) lines[next(lines.length)] = sourceLine(next);
      if (next(3) === 0) lines.splice(next(lines.length), 0, sourceLine(next));
      out.push(blob(index));
    }
  }
  const imported = spawnSync('git', ['-C', folder, 'fast-import', '--quiet', '--force'], {
    input: Buffer.concat(out),
    maxBuffer: 1 << 30,
  });
  if (imported.status !== 0) throw new Error(imported.stderr.toString());
  spawnSync('git', ['-C', folder, 'repack', '-adfq', '--window=10', '--depth=50']);
  return folder;
}

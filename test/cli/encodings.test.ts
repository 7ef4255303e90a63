/** What is encoded, through the built command in every kind of scan: found once, at its encoded bytes, and never shown. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { escapeEncodings, runEncodings, utf16Bytes, type Encoding } from '../support/encodings.ts';
import { makeTar } from '../support/make-archive.ts';
import { isolation, makeRepo, type Repo } from '../support/make-repo.ts';
import { robotomailKey } from '../support/sample.ts';
import { command, runJson } from '../support/scan.ts';

interface Found {
  readonly path: string;
  readonly secretId: string;
  readonly members: readonly string[];
  readonly decoded: readonly string[];
  readonly start: { readonly line: number; readonly byte: number };
  readonly end: { readonly line: number; readonly byte: number };
  readonly line: string;
  readonly occurrences: number;
}

interface Planted {
  readonly encoding: Encoding;
  readonly encoded: string;
  readonly content: Buffer;
}

const key = robotomailKey('built');
const wide: Encoding = { name: 'wide', steps: ['utf-16le'], encode: (text) => utf16Bytes(text) };
const files = new Map<string, Planted>(
  [...runEncodings, ...escapeEncodings, wide].map((encoding, number) => {
    const isRun = runEncodings.includes(encoding);
    const encoded = encoding.encode(isRun ? `the key ${key} is ours` : key);
    // Bytes that make a file binary, and no line of UTF-16 of all of it.
    const head = encoding === wide ? `\u0000\u0001\u0002${'text '.repeat(300)}` : 'first\n';
    const content = Buffer.from(`${head}value: "${encoded}"\nlast\n`, 'latin1');
    return [`f${String(number).padStart(2, '0')}.txt`, { encoding, encoded, content }];
  }),
);

/** Each file's one finding: its steps, and the bytes that it points at. */
function expectAll(findings: readonly Found[]): void {
  expect(findings.map(({ path, decoded }) => [path, ...decoded])).toEqual(
    [...files].map(([path, { encoding }]) => [path, ...encoding.steps]),
  );
  for (const { path, start, end } of findings) {
    const { content, encoded } = files.get(path) ?? { content: Buffer.alloc(0), encoded: '' };
    const shown = content.toString('latin1', start.byte, end.byte);
    expect(encoded.endsWith(shown) && encoded.length - shown.length <= 2).toBe(true);
  }
  expect(new Set(findings.map(({ secretId }) => secretId)).size).toBe(1);
}

function findingsOf(report: unknown): readonly Found[] {
  // The report's schema is tested elsewhere.
  return (report as { findings: readonly Found[] }).findings;
}

/** All files, in the index only. */
function stagedRepo(): Repo {
  const repo = makeRepo();
  repo.commit({ files: Object.fromEntries([...files.keys()].map((path) => [path, 'empty\n'])) });
  repo.write(Object.fromEntries([...files].map(([path, { content }]) => [path, content])));
  repo.git(['add', '-A']);
  return repo;
}

describe('encoded keys', () => {
  it('in files', () => {
    const { report, code, stdout } = runJson(stagedRepo().path, ['scan']);
    expect(code).toBe(1);
    expectAll(findingsOf(report));
    for (const { encoded } of files.values()) {
      for (let at = 0; at + 40 <= encoded.length; at += 20) {
        expect(stdout).not.toContain(JSON.stringify(encoded.slice(at, at + 40)).slice(1, -1));
      }
    }
    expect(stdout).not.toContain(key.slice(10, 30));
  });

  it('in the index', () => {
    expectAll(findingsOf(runJson(stagedRepo().path, ['scan', '--staged']).report));
  });

  it('in a history, whichever reader reads it', () => {
    const repo = stagedRepo();
    repo.git(['commit', '-qm', 'keys']);
    // Versions near each other, of which git makes deltas.
    for (const round of [1, 2, 3]) {
      const changed = [...files].map(
        ([path, { content }]) =>
          [path, Buffer.concat([content, Buffer.from(`${round}\n`)])] as const,
      );
      repo.commit({ files: Object.fromEntries(changed) });
    }
    repo.pack();
    const own = runJson(repo.path, ['scan', '--history']).report;
    const git = runJson(repo.path, ['scan', '--history'], { KEYWARDEN_READER: 'git' }).report;
    expectAll(findingsOf(own));
    expect(findingsOf(git)).toEqual(findingsOf(own));
  });

  it('in a stream and in an archive', () => {
    const members = [...files].map(([name, { content }]) => ({ name, content }));
    const tar = makeTar(members);
    const folder = makeRepo().path;
    writeFileSync(join(folder, 'all.tar'), tar);
    const inside = findingsOf(runJson(folder, ['scan', 'all.tar']).report);
    // One key in one archive is one finding.
    expect(inside).toHaveLength(1);
    expect(inside[0]).toMatchObject({
      members: ['f00.txt'],
      decoded: ['base64'],
      occurrences: files.size,
    });
    for (const [path, { encoding, content }] of [...files].filter(
      (_, number) => number % 8 === 0,
    )) {
      const { stdout } = spawnSync(
        process.execPath,
        [command, 'scan', '--stdin', '--stdin-path', path, '-f', 'json'],
        { input: content, env: { ...process.env, ...isolation }, encoding: 'utf8' },
      );
      const [only] = findingsOf(JSON.parse(stdout));
      expect(only).toMatchObject({ path, decoded: encoding.steps });
    }
  });

  it('a variable that turns the decoders off makes no scan clean', () => {
    const folder = makeRepo().path;
    writeFileSync(join(folder, 'a.txt'), Buffer.from(`key ${key}`).toString('base64'));
    const scan = (env: NodeJS.ProcessEnv, ...flags: string[]) =>
      spawnSync(process.execPath, [command, 'scan', 'a.txt', '-f', 'json', ...flags], {
        cwd: folder,
        env: { ...process.env, ...isolation, ...env },
        encoding: 'utf8',
      });
    expect(scan({}).status).toBe(1);
    const off = scan({ KEYWARDEN_DECODERS: 'off' });
    expect(off.status).toBe(2);
    expect(JSON.parse(off.stdout)).toMatchObject({
      coverage: { complete: false, skipped: [{ reason: 'decoding-limit', count: 1 }] },
      problems: [
        {
          kind: 'decoding-limit',
          message: 'KEYWARDEN_DECODERS=off: what is encoded was not looked at',
        },
      ],
    });
    expect(scan({ KEYWARDEN_DECODERS: 'off' }, '--allow-incomplete').status).toBe(0);
  });

  it('what is hidden in too many layers makes the scan incomplete', () => {
    let text = `the key ${key}`;
    for (let layer = 0; layer < 12; layer += 1) text = Buffer.from(text).toString('base64');
    const folder = makeRepo().path;
    writeFileSync(join(folder, 'deep.txt'), text);
    const { report, code } = runJson(folder, ['scan', 'deep.txt']);
    expect(code).toBe(2);
    expect(report).toMatchObject({
      coverage: { complete: false },
      problems: [{ kind: 'decoding-limit', where: 'deep.txt' }],
    });
    expect(readFileSync(join(folder, 'deep.txt'), 'utf8')).toBe(text);
  });
});

/**
 * No raw secret, and no half of one, in any byte that any command writes. Secrets of every built-in
 * rule stand in files; some of them also where reports take names from: paths, subjects, authors, tags.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { reporters } from '../../src/reporters/index.ts';
import { fillExample, sampleSecret } from '../../src/core/rules/sample.ts';
import { addToTree, git } from '../support/make-tree.ts';
import { runBin } from '../support/run-bin.ts';
import { runMain, type RunResult } from '../support/run-main.ts';
import { builtInRules, builtInRuleSet } from '../support/rules.ts';
import { makeFolder } from './make-folder.ts';
import { secretOf } from './samples.ts';

const formats = Object.keys(reporters);
const half = 16;

interface Planted {
  readonly rule: string;
  readonly value: string;
  /** What must not be seen: the value and its halves, the public prefix left out. */
  readonly parts: readonly string[];
}

const prefixesOf = new Map(builtInRuleSet.rules.map(({ id, prefixes }) => [id, prefixes]));

function plant(rule: string, value: string): Planted {
  const prefix = prefixesOf.get(rule)?.find((text) => value.startsWith(text)) ?? '';
  const body = value.slice(prefix.length);
  const halves = body.length >= 2 * half ? [body.slice(0, half), body.slice(-half)] : [];
  return { rule, value, parts: [value, ...halves] };
}

/** In the text of every rule's own example, where the secret is one that the test knows. */
const inFiles = builtInRules.flatMap((rule) => {
  const example = rule.examples.match.find((text) => text.includes('{{secret}}'));
  if (example === undefined) return [];
  const text = `${fillExample(example, rule, 'leak')}\n`;
  return [{ ...plant(rule.id, sampleSecret(rule, 'leak')), text }];
});

const named = (seed: string): Planted =>
  plant('robotomail-api-key', secretOf('robotomail-api-key', seed));
const inPath = named('path');
const inSubject = named('subject');
const inAuthor = named('author');
const inTag = named('tag');
const inStream = named('stream');
const inIndex = named('index');
const inLink = named('link');
const all = [...inFiles, inPath, inSubject, inAuthor, inTag, inStream, inIndex, inLink];

/** As text, as a JSON string, as part of a URI. */
function formsOf(part: string): string[] {
  const encoded = encodeURIComponent(part);
  return [...new Set([part, JSON.stringify(part).slice(1, -1), encoded])];
}

function leaksIn(text: string): string[] {
  return all
    .filter(({ value }) => value.length >= 12)
    .filter(({ parts }) => parts.some((part) => formsOf(part).some((form) => text.includes(form))))
    .map(({ rule }) => rule);
}

function expectNoLeak(...outputs: readonly (RunResult | string)[]): void {
  for (const output of outputs) {
    const text = typeof output === 'string' ? output : output.stdout + output.stderr;
    expect(text).not.toBe('');
    expect(leaksIn(text)).toEqual([]);
  }
}

const root = makeFolder('never-leak');
const cwd = join(root, 'work');
const out = join(root, 'out');

beforeAll(() => {
  mkdirSync(out);
  const files = inFiles.map(({ rule, text }) => [`rules/${rule}.txt`, text] as const);
  addToTree(cwd, {
    ...Object.fromEntries(files),
    [`in path ${inPath.value}/a.txt`]: `key: ${inFiles[0]?.text ?? ''}\n`,
    [`not read/${inPath.value}.txt`]: 'x'.repeat(200_000),
    link: { link: inLink.value },
  });
  git(cwd, ['init', '-q', '-b', 'main']);
  git(cwd, ['commit', '-qm', 'root', '--allow-empty']);
  git(cwd, ['add', '.']);
  const author = [
    '-c',
    `user.name=Ada ${inAuthor.value}`,
    '-c',
    `user.email=${inAuthor.value}@x.org`,
  ];
  git(cwd, [...author, 'commit', '-qm', 'first']);
  git(cwd, [...author, 'commit', '--allow-empty', '-qm', `subject ${inSubject.value}\n\nbody`]);
  git(cwd, ['tag', '-a', '-m', `message ${inTag.value}`, `v-${inTag.value}`]);
  git(cwd, ['branch', `b-${inTag.value}`]);
  addToTree(cwd, { [`staged ${inIndex.value}.txt`]: `a = ${inIndex.value}\n` });
  git(cwd, ['add', '.']);
});

/** Pretty on stdout, the others in files: what a format writes does not depend on where. */
const asAll = (name: string): string[] =>
  formats.flatMap((format) => [
    '-f',
    format === 'pretty' ? format : `${format}=${join(out, `${name}.${format}`)}`,
  ]);

describe('in every format', () => {
  it.each([
    ['files', ['--min-confidence', 'low', '--max-file-size', '100000']],
    ['history', ['--history', '--min-confidence', 'low']],
    ['staged', ['--staged']],
    ['range', ['--range', 'HEAD~2..HEAD']],
  ])('a scan of %s shows no secret', async (name, args) => {
    const result = await runMain(['scan', ...args, ...asAll(name)], { cwd });
    expect(result.code).toBe(1);
    expectNoLeak(result);
  });

  it('a stream shows no secret', async () => {
    const input = `${inFiles.map(({ text }) => text).join('\n')}\n${inStream.value}\n`;
    const result = await runBin(['scan', '--stdin', ...asAll('stream')], { cwd, input });
    expect(result.code).toBe(1);
    expectNoLeak(result);
  });

  it('a saved report shows no secret', async () => {
    const file = join(out, 'with-secrets.json');
    await runMain(['scan', '--history', '--show-secrets', '-f', `json=${file}`], { cwd });
    // The test would see nothing if the secrets were not there to be seen.
    expect(leaksIn(readFileSync(file, 'utf8')).length).toBeGreaterThan(200);
    expectNoLeak(await runMain(['report', file, ...asAll('saved')], { cwd }));
  });
});

describe('other commands show no secret', () => {
  it.each([['create'], ['update'], ['prune']])('baseline %s', async (action) => {
    const file = join(out, 'baseline');
    const args = ['baseline', action, '--history', '--baseline', file];
    const result = await runMain(args, { cwd });
    expect(result.code).toBe(0);
    expectNoLeak(result, readFileSync(file, 'utf8'));
  });

  it.each([
    [['rules', 'list']],
    [['rules', 'test']],
    [['rules', 'show', 'robotomail-api-key']],
    [['scan', 'nowhere']],
    [['help', 'scan']],
  ])(
    '%j',
    async (args) => {
      expectNoLeak(await runMain(args, { cwd }));
    },
    120_000,
  );

  it('a configuration or rule file with a secret in it is not quoted', async () => {
    const folder = join(root, 'broken');
    const lines = [
      `allow: [{ pattern: '${inStream.value}(', reason: x }]\n`,
      `${inStream.value}: [\n`,
      `failOn: ${inStream.value}\n`,
    ];
    for (const [index, text] of lines.entries()) {
      addToTree(folder, { [`${index}/keywarden.yaml`]: text, [`${index}/a.txt`]: 'a' });
      const result = await runMain(['scan'], { cwd: join(folder, String(index)) });
      expect(result.code).toBe(2);
      expectNoLeak(result);
    }
  });
});

it('every file that was left behind is as clean', () => {
  const files = readdirSync(out).filter((name) => name !== 'with-secrets.json');
  expect(files).toHaveLength(1 + 6 * (formats.length - 1));
  expectNoLeak(...files.map((name) => readFileSync(join(out, name), 'utf8')));
});

/** `keywarden rules`: what is looked for, and whether a rule file is right. */
import { resolve } from 'node:path';
import { loadRules } from '../config/load-rules.ts';
import { packageRoot } from '../config/package-root.ts';
import { didYouMean } from '../core/nearest.ts';
import type { CompiledRule, Rule } from '../core/model/rule.ts';
import { UserError } from '../core/model/user-error.ts';
import type { Command, Io } from './command.ts';
import type { FlagTable } from './flags.ts';
import { colourFlags } from './scan-flags.ts';

const actions = ['list', 'show', 'check', 'test'] as const;

const flags = {
  rules: { kind: 'texts', value: 'FILE', help: 'rule file beside the built-in rules; repeatable' },
  json: { kind: 'switch', help: 'list and show: as JSON' },
  ...colourFlags,
} as const satisfies FlagTable;

export const rules: Command = {
  usage: 'rules <list|show ID|check FILE..|test>',
  summary: 'what is looked for; check and test rule files',
  flags,
  actions,
  examples: [
    ['keywarden rules list', 'all rules'],
    ['keywarden rules show robotomail-api-key', 'one rule, whole'],
    ['keywarden rules check acme.yaml', 'is this rule file right?'],
    ['keywarden rules test', 'the examples of all built-in rules'],
  ],
  async run(parsed, io) {
    const [action, ...words] = parsed.words;
    const files = ((parsed.flags['rules'] as readonly string[] | undefined) ?? []).map((file) =>
      resolve(io.cwd, file),
    );
    const asJson = parsed.flags['json'] === true;
    if (action === 'list') return list((await loadRules({ rules: files })).rules, asJson, io);
    if (action === 'show')
      return show(words, (await loadRules({ rules: files })).rules, asJson, io);
    if (action === 'check') return check(words, io);
    if (action === 'test') return test(files, io);
    throw new UserError(`rules ${action ?? ''}: expected list, show, check or test`);
  },
};

function list(all: readonly CompiledRule[], asJson: boolean, io: Io): number {
  if (asJson) {
    const facts = all.map(({ id, name, issuer, severity, confidence }) => ({
      id,
      name,
      issuer,
      severity,
      confidence,
    }));
    io.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...all.map(({ id }) => id.length));
  for (const { id, severity, name } of all) {
    io.stdout.write(`${id.padEnd(width)}  ${severity.padEnd(8)}  ${name}\n`);
  }
  return 0;
}

function show(
  words: readonly string[],
  all: readonly CompiledRule[],
  asJson: boolean,
  io: Io,
): number {
  const [id, extra] = words;
  if (id === undefined || extra !== undefined)
    throw new UserError('rules show: give the id of one rule');
  const rule = all.find((one) => one.id === id);
  if (!rule) {
    throw new UserError(
      `no rule is called "${id}"${didYouMean(
        id,
        all.map((one) => one.id),
      )}`,
    );
  }
  io.stdout.write(asJson ? `${JSON.stringify(rule, null, 2)}\n` : describe(rule));
  return 0;
}

function describe(rule: CompiledRule): string {
  const { withContext, without } = rule.confidence;
  const confidence =
    withContext === without
      ? withContext
      : `${withContext} near ${rule.context.join(', ')}; else ${without}`;
  const anchors = rule.anchors.slice(0, 8).map(({ text }) => JSON.stringify(text));
  const runs = rule.runs?.map(({ set, least }) => `${least} of [${classOf(set)}]`) ?? [];
  const more =
    rule.anchors.length > anchors.length ? ` and ${rule.anchors.length - anchors.length} more` : '';
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['id', rule.id],
    ['name', rule.name],
    ['issuer', rule.issuer],
    ['severity', rule.severity],
    ['confidence', confidence],
    ['pattern', rule.source],
    [runs.length > 0 ? 'runs' : 'anchors', runs.join(' or ') + anchors.join(' ') + more],
    ['entropy', rule.entropy > 0 ? `at least ${rule.entropy} bits per character` : undefined],
    ['checksum', rule.checksum],
    [
      'requires',
      rule.requires.map((one) => `${one.rule} within ${one.withinLines} lines`).join(', ') ||
        undefined,
    ],
    ['paths', rule.paths.join(' ') || undefined],
    ['revoke at', rule.revoke],
    ['advice', rule.advice],
    ['references', rule.references.join('\n            ')],
  ];
  return lines
    .flatMap(([label, value]) => (value === undefined ? [] : [`${label.padEnd(12)}${value}\n`]))
    .join('');
}

/** First and last character of each range, as patterns write it: `0-9a-f`. */
function classOf(set: string): string {
  return set.replace(/(.)(.)/g, (_, first: string, last: string) =>
    first === last ? first : `${first}-${last}`,
  );
}

async function check(files: readonly string[], io: Io): Promise<number> {
  if (files.length === 0) throw new UserError('rules check: give rule files');
  const { readRuleFile } = await import('../config/rule-files.ts');
  let faults = 0;
  for (const file of files) {
    // Loading compiles each rule and times it on hostile text.
    await loadRules({ rules: [resolve(io.cwd, file)] });
    const own = readRuleFile(resolve(io.cwd, file));
    const wrong = await examplesOf(own, [resolve(io.cwd, file)]);
    for (const sentence of wrong) io.stdout.write(`${file}: ${sentence}\n`);
    faults += wrong.length;
    if (wrong.length === 0) io.stdout.write(`${file}: ${own.length} rules, all right\n`);
  }
  return faults > 0 ? 1 : 0;
}

async function test(files: readonly string[], io: Io): Promise<number> {
  const { readRuleFile, readRuleFolder } = await import('../config/rule-files.ts');
  const builtIn = readRuleFolder(resolve(packageRoot(), 'rules'));
  const all = [...builtIn, ...files.flatMap(readRuleFile)];
  const wrong = await examplesOf(all, files);
  for (const sentence of wrong) io.stdout.write(`${sentence}\n`);
  const examples = all.reduce(
    (sum, { examples: { match, miss } }) => sum + match.length + miss.length,
    0,
  );
  io.stdout.write(`${all.length} rules, ${examples} examples, ${wrong.length} wrong\n`);
  return wrong.length > 0 ? 1 : 0;
}

async function examplesOf(own: readonly Rule[], files: readonly string[]): Promise<string[]> {
  const { tryExamples } = await import('../engine/try-examples.ts');
  const { rules: among } = await loadRules({ rules: files });
  return own.flatMap((rule) =>
    tryExamples(rule, among).map((sentence) => `${rule.id}: ${sentence}`),
  );
}

/** `.gitleaks.toml` → rules and allow entries. Our own rules always run too: they are its "default". */
import { isAbsolute } from 'node:path';
import type { AllowEntry } from '../../core/findings/suppress.ts';
import type { CompiledRule } from '../../core/model/rule.ts';
import type { Foreign } from './foreign.ts';
import { convertAllowlist } from './gitleaks-allow.ts';
import { openPatterns, Refused, type Patterns } from './gitleaks-pattern.ts';
import { convertRule, ruleId } from './gitleaks-rules.ts';
import { settingsOf } from './gitleaks-settings.ts';
import { parseGitleaks, type GitleaksConfig, type GitleaksRule } from './gitleaks-shape.ts';
import { readForeignFile } from './read-foreign-file.ts';

/** As deep as gitleaks follows. */
const mostExtended = 2;

/** @throws {UserError} when the text is no such file. What has no meaning here is refused by name and line. */
export function readGitleaksToml(text: string, file: string, folder: string): Foreign {
  const refused: string[] = [];
  const config = extended(parseGitleaks(text, file), folder, mostExtended, (reason) =>
    refused.push(`${file}: ${reason}`),
  );
  const patterns = openPatterns();
  const lineOf = lines(text);
  const refuse = (name: string, reason: string): void => {
    refused.push(`${file}${lineOf(name)}: ${name}: ${reason}`);
  };
  const rules = convertAll(config.rules, patterns, refuse);
  const own = new Set(config.rules.map(({ id }) => ruleId(id)));
  const skip = config.extend.disabledRules.map(ruleId).filter((id) => !own.has(id));
  const allow = (known: ReadonlySet<string>): AllowEntry[] => [
    ...config.allowlists.flatMap((list) => {
      const meant = list.targetRules.map(ruleId);
      return (
        convertAllowlist(list, file, meant.length === 0 ? undefined : meant, patterns).entry ?? []
      );
    }),
    ...config.rules.flatMap(({ id, allowlists }) =>
      known.has(ruleId(id))
        ? allowlists.flatMap(
            (list) => convertAllowlist(list, file, [ruleId(id)], patterns).entry ?? [],
          )
        : [],
    ),
  ];
  config.allowlists.forEach((list, index) => {
    for (const reason of convertAllowlist(list, file, undefined, patterns).refused)
      refuse(`allowlists[${index}]`, reason);
  });
  for (const { id, allowlists } of config.rules)
    for (const list of allowlists)
      for (const reason of convertAllowlist(list, file, undefined, patterns).refused)
        refuse(id, reason);
  const lists =
    config.allowlists.length + config.rules.flatMap(({ allowlists }) => allowlists).length;
  return {
    file,
    rules,
    skip,
    allow,
    refused,
    understood: [`rules: ${rules.length}`, `allowlists: ${lists}`],
    settings: () => settingsOf(config, rules, skip, patterns),
  };
}

function convertAll(
  rules: readonly GitleaksRule[],
  patterns: Patterns,
  refuse: (name: string, reason: string) => void,
): CompiledRule[] {
  const converted = new Map<string, CompiledRule>();
  const left = rules.filter(({ regex, path }) => regex !== undefined || path !== undefined);
  const ids = new Set(left.map(({ id }) => ruleId(id)));
  for (const rule of left) {
    try {
      const compiled = convertRule(rule, (id) => ids.has(id), patterns);
      if (converted.has(compiled.id))
        throw new Refused(`${compiled.id} is the id of another rule too`);
      converted.set(compiled.id, compiled);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refuse(rule.id, error.message);
    }
  }
  return withoutOrphans(converted, refuse);
}

/** A rule whose other half was refused would find that half's absence: it goes too. */
function withoutOrphans(
  converted: Map<string, CompiledRule>,
  refuse: (name: string, reason: string) => void,
): CompiledRule[] {
  for (;;) {
    const orphan = [...converted.values()].find(({ requires }) =>
      requires.some(({ rule }) => !converted.has(rule)),
    );
    if (!orphan) return [...converted.values()];
    converted.delete(orphan.id);
    refuse(orphan.id, 'a rule that it requires was refused');
  }
}

/** The extending file's settings win; its lists are added. */
function extended(
  config: GitleaksConfig,
  folder: string,
  depth: number,
  refuse: (reason: string) => void,
): GitleaksConfig {
  const { path, url, disabledRules } = config.extend;
  if (url !== undefined) refuse('extend.url: nothing is fetched');
  if (path === undefined) return config;
  if (depth === 0) {
    refuse(`extend.path: no deeper than ${mostExtended} files`);
    return config;
  }
  // The file lies in what is scanned and must not say what else of this machine is read.
  const isInside = !isAbsolute(path) && !path.split(/[\\/]/).includes('..');
  const text = isInside ? readForeignFile(folder, path) : undefined;
  if (text === undefined) {
    refuse(
      `extend.path: ${isInside ? 'there is no such file' : 'lies outside of what is scanned'}`,
    );
    return config;
  }
  const base = extended(parseGitleaks(text, path), folder, depth - 1, refuse);
  const disabled = new Set(disabledRules);
  const rules = new Map(
    base.rules.filter(({ id }) => !disabled.has(id)).map((rule) => [rule.id, rule]),
  );
  for (const rule of config.rules) {
    const below = rules.get(rule.id);
    rules.set(rule.id, below ? merged(below, rule) : rule);
  }
  return {
    extend: {
      ...config.extend,
      disabledRules: [...disabledRules, ...base.extend.disabledRules],
    },
    rules: [...rules.values()],
    allowlists: [...base.allowlists, ...config.allowlists],
  };
}

function merged(below: GitleaksRule, above: GitleaksRule): GitleaksRule {
  return {
    ...below,
    ...above,
    keywords: [...below.keywords, ...above.keywords],
    required: above.required.length > 0 ? above.required : below.required,
    allowlists: [...below.allowlists, ...above.allowlists],
  };
}

/** `:12` for the line that names a rule, or the n-th of its allowlists; empty if it is elsewhere. */
function lines(text: string): (name: string) => string {
  const all = text.split('\n');
  return (name) => {
    const [, index] = /^allowlists\[(\d+)\]$/.exec(name) ?? [];
    if (index !== undefined) {
      const heads = all.flatMap((line, at) =>
        /^\s*\[+allowlists?\]+/i.test(line) ? [at + 1] : [],
      );
      const line = heads[Number(index)];
      return line === undefined ? '' : `:${line}`;
    }
    const quoted = [`"${name}"`, `'${name}'`];
    const at = all.findIndex(
      (line) => /^\s*id\s*=/i.test(line) && quoted.some((one) => line.includes(one)),
    );
    return at < 0 ? '' : `:${at + 1}`;
  };
}

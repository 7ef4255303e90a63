/** A rule's own examples, run through the whole engine. */
import { createScanner } from './scanner.ts';
import { compileRule } from '../core/rules/compile.ts';
import { fillExample, sampleSecret } from '../core/rules/sample.ts';
import type { Match } from '../core/model/match.ts';
import type { CompiledRule, Rule } from '../core/model/rule.ts';

const origin = { kind: 'file', path: 'example' } as const;

/**
 * What is wrong with a rule's examples, one sentence each: `match` must be found by the rule alone
 * and among all, `miss` by none of them.
 */
export function tryExamples(rule: Rule, all: readonly CompiledRule[]): string[] {
  const alone = createScanner([compileRule(rule), ...all.filter(({ id }) => requiredBy(rule, id))]);
  const among = createScanner(all);
  const wrong: string[] = [];
  const withoutContext = new Map(
    [compileRule(rule), ...all].map((one) => [one.id, one.confidence.without]),
  );
  const isReported = (match: Match): boolean =>
    match.hasContext || withoutContext.get(match.rule) !== 'none';
  const isFound = (scanner: ReturnType<typeof createScanner>, text: string): boolean =>
    scanner
      .scan(origin, Buffer.from(text))
      .some((match) => match.rule === rule.id && isReported(match));
  for (const example of rule.examples.match) {
    const text = fillExample(example, rule);
    if (!isFound(alone, text)) wrong.push(`match "${example}" is not found by the rule`);
    else if (!isFound(among, text))
      wrong.push(`match "${example}" is reported by another rule instead`);
    if (example.includes('{{secret}}')) {
      const found = among.scan(origin, Buffer.from(text)).find((match) => match.rule === rule.id);
      if (found && found.secret !== sampleSecret(rule))
        wrong.push(`match "${example}": the secret found is another`);
    }
  }
  for (const example of rule.examples.miss) {
    const by = among.scan(origin, Buffer.from(fillExample(example, rule))).find(isReported);
    if (by) wrong.push(`miss "${example}" is found by ${by.rule}`);
  }
  return wrong;
}

function requiredBy(rule: Rule, id: string): boolean {
  return rule.requires.some((one) => one.rule === id);
}

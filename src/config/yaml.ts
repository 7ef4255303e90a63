/**
 * YAML text → value, or an error that names file and line; and value → YAML text. The text can lie in a
 * hostile repository, and the library takes minutes for some of it: what is too large or too deep never
 * reaches its parser.
 */
import { CST, Lexer, isScalar, parseDocument, stringify, visit, type Document } from 'yaml';
import { UserError } from '../core/model/user-error.ts';

export interface YamlLimits {
  readonly maxCharacters: number;
  /** Words, marks, spaces and line ends: what the parser's time grows with. */
  readonly maxTokens: number;
}

/** Chosen: a second at most for the worst text; a long file of settings has a tenth of it. */
export const settingsLimits: YamlLimits = { maxCharacters: 64 * 1_024, maxTokens: 20_000 };

/** Chosen: all built-in rules would fit into one file. */
export const ruleFileLimits: YamlLimits = { maxCharacters: 256 * 1_024, maxTokens: 50_000 };

/** Chosen: the depth of both is what the parser calls itself for. */
const mostFlowLevels = 32;
const mostBlockColumns = 200;

/** Throws UserError. Aliases are limited, so that a small file cannot grow without bounds. */
export function parseYaml(text: string, where: string, limits = settingsLimits): unknown {
  checkSize(text, where, limits);
  // Its own look for equal keys compares each with each; its pretty errors copy a line for each.
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false });
  const [error] = document.errors;
  if (error) {
    const message = error.message.split('\n')[0] ?? '';
    throw new UserError(`${where}:${lineAt(text, error.pos[0])}: invalid YAML: ${message}`);
  }
  checkKeys(document, text, where);
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UserError(`${where}: invalid YAML: ${message}`, { cause: error });
  }
}

/** Texts are quoted where YAML would read them as something else; no line is folded. */
export function writeYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

/**
 * One pass over the tokens, which stops at the first one too many. A block can be no deeper than its marks
 * stand to the right.
 */
function checkSize(text: string, where: string, { maxCharacters, maxTokens }: YamlLimits): void {
  if (text.length > maxCharacters) {
    throw new UserError(
      `${where}: larger than ${maxCharacters / 1_024} KiB; ${split(maxCharacters)}`,
    );
  }
  let tokens = 0;
  let column = 0;
  let line = 1;
  let flowLevels = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > maxTokens) {
      throw new UserError(`${where}:${line}: too many words to read; ${split(maxCharacters)}`);
    }
    const type = CST.tokenType(token);
    if (type === 'flow-map-start' || type === 'flow-seq-start') flowLevels += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end')
      flowLevels = Math.max(0, flowLevels - 1);
    const isTooDeep = flowLevels === 0 && isBlockMark(type) && column > mostBlockColumns;
    if (isTooDeep || flowLevels > mostFlowLevels) {
      throw new UserError(`${where}:${line}: lists and maps are nested too deep; flatten them`);
    }
    const end = token.lastIndexOf('\n');
    column = end < 0 ? column + token.length : token.length - end - 1;
    if (end >= 0) line += token.split('\n').length - 1;
  }
}

function isBlockMark(type: ReturnType<typeof CST.tokenType>): boolean {
  return type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind';
}

function split(maxCharacters: number): string {
  return maxCharacters === settingsLimits.maxCharacters
    ? 'keep accepted findings in a baseline and rules in files of their own'
    : 'split it into several files';
}

function checkKeys(document: Document.Parsed, text: string, where: string): void {
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        const name = isScalar(key) ? String(key) : undefined;
        const [at = 0] = (isScalar(key) && key.range) || [];
        const place = at === 0 ? where : `${where}:${lineAt(text, at)}`;
        if (name === undefined) {
          throw new UserError(`${place}: invalid YAML: a key should be a word`);
        }
        if (seen.has(name)) throw new UserError(`${place}: invalid YAML: ${name} stands twice`);
        seen.add(name);
      }
    },
  });
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
  }
  return line;
}

/** YAML text → value, or an error that names file and line; and value → YAML text. */
import { parseDocument, stringify } from 'yaml';
import { UserError } from '../core/model/user-error.ts';

/** Throws UserError. Aliases are limited, so that a small file cannot grow without bounds. */
export function parseYaml(text: string, where: string): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    const message = (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
    throw new UserError(
      `${where}${line === undefined ? '' : `:${line}`}: invalid YAML: ${message}`,
    );
  }
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

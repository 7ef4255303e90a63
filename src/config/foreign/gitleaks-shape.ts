/**
 * The text of a gitleaks configuration → what it says. Keys are read in any case, as gitleaks does.
 * @see https://github.com/gitleaks/gitleaks#configuration (read 2026-11-26)
 */
import { parse, TomlError } from 'smol-toml';
import { asList, asNumber, asText, asTexts } from '../../core/check-shape.ts';
import { UserError } from '../../core/model/user-error.ts';
import { refusal } from './read-foreign-file.ts';

export interface GitleaksAllowlist {
  readonly isAll: boolean;
  readonly commits: readonly string[];
  readonly paths: readonly string[];
  readonly regexes: readonly string[];
  readonly regexTarget: string;
  readonly stopwords: readonly string[];
  readonly targetRules: readonly string[];
}

export interface GitleaksRule {
  readonly id: string;
  readonly description?: string;
  readonly regex?: string;
  readonly secretGroup?: number;
  readonly entropy?: number;
  readonly keywords: readonly string[];
  readonly path?: string;
  readonly required: readonly {
    readonly id: string;
    readonly withinLines?: number;
    readonly hasColumns: boolean;
  }[];
  readonly skipReport?: boolean;
  readonly allowlists: readonly GitleaksAllowlist[];
}

export interface GitleaksConfig {
  readonly extend: {
    readonly useDefault: boolean;
    readonly path?: string;
    readonly url?: string;
    readonly disabledRules: readonly string[];
  };
  readonly rules: readonly GitleaksRule[];
  readonly allowlists: readonly GitleaksAllowlist[];
}

type Table = Readonly<Record<string, unknown>>;

/** @throws {UserError} naming file and, for what is no TOML, line. */
export function parseGitleaks(text: string, file: string): GitleaksConfig {
  const top = tableOf(toml(text, file), file);
  try {
    const extend = tableOf(top['extend'] ?? {}, `${file}: extend`);
    const path = optionalText(extend['path'], `${file}: extend.path`);
    const url = optionalText(extend['url'], `${file}: extend.url`);
    return {
      extend: {
        useDefault: extend['usedefault'] === true,
        ...(path === undefined ? {} : { path }),
        ...(url === undefined ? {} : { url }),
        disabledRules: asTexts(extend['disabledrules'], `${file}: extend.disabledRules`),
      },
      rules: asList(top['rules'], `${file}: rules`).map((item, index) =>
        ruleOf(item, `${file}: rules[${index}]`),
      ),
      allowlists: allowlistsOf(top, file),
    };
  } catch (error) {
    if (error instanceof UserError && !error.message.includes('--strict'))
      throw refusal(error.message, 'is not as gitleaks has it', error);
    throw error;
  }
}

function ruleOf(item: unknown, where: string): GitleaksRule {
  const table = tableOf(item, where);
  const id = asText(table['id'], `${where}: id`);
  const at = (key: string): string => `${where} (${id}): ${key}`;
  const description = optionalText(table['description'], at('description'));
  const regex = optionalText(table['regex'], at('regex'));
  const path = optionalText(table['path'], at('path'));
  return {
    id,
    ...(description === undefined ? {} : { description }),
    ...(regex === undefined ? {} : { regex }),
    ...(path === undefined ? {} : { path }),
    ...numberAt(table, 'secretgroup', 'secretGroup', at),
    ...numberAt(table, 'entropy', 'entropy', at),
    ...(typeof table['skipreport'] === 'boolean' ? { skipReport: table['skipreport'] } : {}),
    keywords: asTexts(table['keywords'], at('keywords')),
    required: asList(table['required'], at('required')).map((one, index) => {
      const part = tableOf(one, at(`required[${index}]`));
      return {
        id: asText(part['id'], at(`required[${index}].id`)),
        ...numberAt(part, 'withinlines', 'withinLines', at),
        hasColumns: part['withincolumns'] !== undefined,
      };
    }),
    allowlists: allowlistsOf(table, where),
  };
}

const conditions = ['OR', '||', 'AND', '&&'];

/** `[[allowlists]]`, or the one `[allowlist]` of before. */
function allowlistsOf(table: Table, where: string): GitleaksAllowlist[] {
  const { allowlist, allowlists } = table;
  if (allowlist !== undefined && allowlists !== undefined) {
    throw refusal(where, 'has both allowlist and allowlists, which gitleaks refuses');
  }
  const items =
    allowlist === undefined ? asList(allowlists, `${where}: allowlists`) : [allowlist].flat();
  return items.map((item, index) => {
    const at = `${where}: allowlists[${index}]`;
    const one = tableOf(item, at);
    const texts = (key: string): string[] => asTexts(one[key.toLowerCase()], `${at}.${key}`);
    const condition = (optionalText(one['condition'], `${at}.condition`) ?? 'OR').toUpperCase();
    if (!conditions.includes(condition)) throw refusal(`${at}.condition`, 'is neither OR nor AND');
    return {
      isAll: condition === 'AND' || condition === '&&',
      commits: texts('commits'),
      paths: texts('paths'),
      regexes: texts('regexes'),
      regexTarget: (
        optionalText(one['regextarget'], `${at}.regexTarget`) ?? 'secret'
      ).toLowerCase(),
      stopwords: texts('stopwords'),
      targetRules: texts('targetRules'),
    };
  });
}

function numberAt<Key extends string>(
  table: Table,
  key: string,
  as: Key,
  at: (key: string) => string,
): { readonly [K in Key]?: number } {
  const value = table[key];
  // One key with one number: the type of a computed key is not narrowed by itself.
  return value === undefined ? {} : ({ [as]: asNumber(value, at(as)) } as { [K in Key]: number });
}

function optionalText(value: unknown, where: string): string | undefined {
  return value === undefined || value === '' ? undefined : asText(value, where);
}

/** With its keys in lower case. */
function tableOf(value: unknown, where: string): Table {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusal(where, 'is no table');
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toLowerCase(), one]));
}

function toml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Without the lines that the error quotes: they may hold anything.
    const [reason = ''] = error.message.split('\n');
    throw refusal(
      `${file}:${error.line}`,
      `invalid TOML: ${reason.replace(/^Invalid TOML document: /, '')}`,
      error,
    );
  }
}

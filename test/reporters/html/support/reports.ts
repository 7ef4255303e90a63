/** Reports that show what the page can: several issuers, authors, states, and a history with dates. */
import type { GitFacts } from '../../../../src/core/model/finding.ts';
import type { Report } from '../../../../src/core/model/report.ts';
import { hex, makeGit, makeReport, seeded, type Place } from '../../../support/make-report.ts';

export const now = new Date('2026-11-20T12:00:00Z');

const authors = [
  'Ada Lovelace <ada@example.org>',
  'Grace Hopper <grace@example.org>',
  'Linus <linus@example.org>',
];

interface When {
  readonly introduced: string;
  readonly author?: number;
  readonly subject?: string;
  /** Until when, for what HEAD no longer holds. */
  readonly last?: string;
}

/** Facts of a place, as a scan of a history tells them. */
export function placeIn(seed: number, when: When, parts: Partial<GitFacts> = {}): GitFacts {
  const random = seeded(seed);
  return makeGit(random, {
    introduced: {
      commit: hex(random, 40),
      author: authors[when.author ?? 0] ?? '',
      date: when.introduced,
      subject: when.subject ?? 'Send mail from the worker',
    },
    inHead: when.last === undefined,
    ...(when.last === undefined ? {} : { lastPresentDate: when.last }),
    ...parts,
  });
}

/** Six keys: live in HEAD with copies, dead and gone, unknown, unreachable, in an archive, weak. */
export function storyReport(parts: Parameters<typeof makeReport>[1] = {}): Report {
  const places: Place[] = [
    {
      key: 0,
      path: 'services/mailer/.env.production',
      git: placeIn(1, { introduced: '2025-03-04T09:12:00Z' }),
    },
    {
      key: 0,
      path: 'deploy/helm/mailer/values.yaml',
      git: placeIn(2, { introduced: '2025-08-19T15:00:00Z', author: 1, subject: 'Helm chart' }),
    },
    {
      key: 0,
      path: 'docs/runbook.md',
      git: placeIn(3, {
        introduced: '2025-11-02T08:00:00Z',
        author: 2,
        last: '2026-04-11T10:00:00Z',
      }),
    },
    {
      key: 1,
      path: 'src/legacy/send-mail.js',
      git: placeIn(4, {
        introduced: '2023-02-01T10:00:00Z',
        author: 1,
        last: '2024-06-15T10:00:00Z',
      }),
    },
    {
      key: 2,
      severity: 'high',
      path: 'infra/terraform/main.tf',
      git: placeIn(5, { introduced: '2026-10-30T10:00:00Z', author: 2 }),
    },
    {
      key: 3,
      severity: 'medium',
      confidence: 'medium',
      path: '(unreachable blob)',
      git: placeIn(
        6,
        { introduced: '2026-01-01T10:00:00Z', last: '2026-01-02T10:00:00Z' },
        { reachable: false, refs: [], refCount: 0 },
      ),
    },
    {
      key: 4,
      rule: 'generic-secret',
      severity: 'low',
      confidence: 'medium',
      value: `pw-${hex(seeded(9), 16)}`,
      path: 'fixtures/bundle.tgz',
      members: ['package/config.json'],
      decoded: ['base64'],
      occurrences: 3,
      git: placeIn(7, { introduced: '2024-12-24T10:00:00Z' }),
    },
  ];
  return makeReport(places, {
    target: {
      kind: 'history',
      path: 'acme/mailer',
      head: hex(seeded(3), 40),
      branch: 'main',
      remote: 'https://git.example/acme/mailer',
    },
    coverage: { objects: 48_211, units: 39_120, bytes: 812_000_000 },
    liveness: {
      0: { state: 'live', detail: 'full', checkedAt: '2026-11-20T11:58:00Z' },
      1: { state: 'dead', checkedAt: '2026-11-20T11:58:00Z' },
      2: { state: 'unknown', detail: 'HTTP 503', checkedAt: '2026-11-20T11:58:00Z' },
    },
    suppressed: { baseline: 2, inline: 1 },
    ...parts,
  });
}

export function incompleteReport(): Report {
  return storyReport({
    target: { kind: 'history', path: 'acme/mailer', shallow: true },
    coverage: {
      complete: false,
      units: 20,
      objects: 31,
      skipped: [
        { reason: 'missing-object', count: 2, examples: [hex(seeded(8), 40), hex(seeded(10), 40)] },
        { reason: 'shallow-boundary', count: 1, examples: [hex(seeded(11), 40)] },
        { reason: 'excluded', count: 40, examples: ['vendor/a.js'] },
      ],
    },
    problems: [
      { kind: 'missing-object', where: hex(seeded(8), 40), message: 'the object is not here' },
      {
        kind: 'shallow-boundary',
        where: hex(seeded(11), 40),
        message: 'history before this commit is not here',
      },
    ],
  });
}

/** So many findings, of a quarter as many keys. */
export function largeReport(count: number): Report {
  const levels = ['critical', 'high', 'medium', 'low'] as const;
  return makeReport(
    Array.from({ length: count }, (_, at) => {
      const key = at % Math.ceil(count / 4);
      return {
        key,
        severity: levels[key % 4] ?? 'low',
        path: `src/folder-${at % 97}/file-${at}.ts`,
        git: placeIn(at, {
          introduced: new Date(Date.UTC(2020, 0, 1 + (at % 2000))).toISOString(),
          author: at % 3,
        }),
      };
    }),
    { target: { kind: 'history' } },
  );
}

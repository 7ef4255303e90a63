import type { Log, Result, Run } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/model/report.ts';
import { plainStyle } from '../../src/reporters/reporter.ts';
import { sarif } from '../../src/reporters/sarif.ts';
import { makeGit, makeReport, seeded } from '../support/make-report.ts';
import { cases, options } from './support/cases.ts';

/** In pieces: a scan of this repository is to find nothing. */
const login = ['ada', 'pass'].join(':');

function runOf(report: Report): Run {
  // The type describes the format; that the text follows it is the validator's test.
  const log = JSON.parse(sarif.render(report, plainStyle, options)) as Log;
  const [run] = log.runs;
  if (!run || log.runs.length !== 1) throw new Error('one run is expected');
  return run;
}

function resultsOf(report: Report): readonly Result[] {
  return runOf(report).results ?? [];
}

function noticesOf(report: Report): readonly { level: string; text: string }[] {
  const notices = runOf(report).invocations?.[0]?.toolExecutionNotifications ?? [];
  return notices.map(({ level, message }) => ({ level: level ?? '', text: message.text ?? '' }));
}

/** What the validator does not notice, and GitHub's limits. */
describe.each(Object.entries(cases))('SARIF of %s', (_name, make) => {
  const run = runOf(make());
  const rules = run.tool.driver.rules ?? [];
  const results = run.results ?? [];

  it('has a line hash of its own for each result', () => {
    const hashes = results.map(({ partialFingerprints }) => partialFingerprints);
    for (const one of hashes) {
      expect(one?.['primaryLocationLineHash']).toMatch(/^[0-9a-f]{16}:1$/);
      expect(one?.['keywardenSecret/v1']).toMatch(/^ks1_/);
      expect(one?.['keywardenFingerprint/v1']).toMatch(/^kf1_/);
    }
    expect(new Set(hashes.map((one) => one?.['primaryLocationLineHash'])).size).toBe(
      results.length,
    );
  });

  it('names rules that are there, each once, none unused', () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids)).toEqual(new Set(results.map(({ ruleId }) => ruleId)));
    expect(results.map(({ ruleIndex }) => ids[ruleIndex ?? -1])).toEqual(
      results.map(({ ruleId }) => ruleId),
    );
  });

  it('tells severity as text, few tags, texts within the limits', () => {
    expect(rules.length).toBeLessThanOrEqual(2);
    for (const { properties, shortDescription, fullDescription, help, name } of rules) {
      expect(properties?.['security-severity']).toMatch(/^\d\.\d$/);
      expect(properties?.['precision']).toMatch(/^(high|medium|low)$/);
      expect(properties?.tags).toEqual(['security', 'external/cwe/cwe-798']);
      expect(shortDescription?.text.length).toBeLessThanOrEqual(1024);
      expect(fullDescription?.text.length).toBeLessThanOrEqual(1024);
      expect(help?.text).not.toBe('');
      expect(name?.length).toBeLessThanOrEqual(255);
    }
  });

  it('places each result at a declared root, at a URI without oddities, in a region', () => {
    const declared = Object.keys(run.originalUriBaseIds ?? {});
    expect(declared).toEqual(['%SRCROOT%']);
    for (const { locations } of results) {
      const place = locations?.[0]?.physicalLocation;
      expect(declared).toContain(place?.artifactLocation?.uriBaseId);
      expect(place?.artifactLocation?.uri).toMatch(/^(?:[A-Za-z0-9_.!~*'()/-]|%[0-9A-F]{2})+$/);
      expect(place?.region?.startLine).toBeGreaterThanOrEqual(1);
    }
  });

  it('points every CWE relation at the taxonomy', () => {
    expect(run.taxonomies?.[0]?.taxa?.[0]?.id).toBe('798');
    for (const { relationships } of rules) {
      expect(relationships?.[0]?.target).toMatchObject({
        id: '798',
        index: 0,
        toolComponent: { name: 'CWE', index: 0, guid: run.taxonomies?.[0]?.guid },
      });
    }
  });
});

describe('sarif', () => {
  it.each([
    ['src/a b.ts', 'src/a%20b.ts'],
    ['ü/日.txt', '%C3%BC/%E6%97%A5.txt'],
    ['a\nb', 'a%0Ab'],
    ['50%.txt', '50%25.txt'],
    ['c:/x', 'c%3A/x'],
    ['bytes/\\xff\\\\n.txt', 'bytes/%FF%5Cn.txt'],
    ['win\\xfile', 'win%5Cxfile'],
    ['utf8\\\\xff', 'utf8%5C%5Cxff'],
    ['(commit message)', '(commit%20message)'],
    ['lone\ud800', 'lone%EF%BF%BD'],
  ])('writes the path %j as %s', (path, uri) => {
    const [result] = resultsOf(makeReport([{ path }]));
    expect(result?.locations?.[0]?.physicalLocation?.artifactLocation).toEqual({
      uri,
      uriBaseId: '%SRCROOT%',
    });
  });

  it('keeps an absolute path absolute', () => {
    const [result] = resultsOf(makeReport([{ path: '/etc/my app.conf' }]));
    expect(result?.locations?.[0]?.physicalLocation?.artifactLocation).toEqual({
      uri: 'file:///etc/my%20app.conf',
    });
  });

  it.each([
    [`https://${login}@example.com/a/b.git?token=x#y`, 'https://example.com/a/b.git'],
    ['git@example.com:a/b.git', 'ssh://example.com/a/b.git'],
    ['ssh://git@example.com:2222/a/b.git', 'ssh://example.com:2222/a/b.git'],
  ])('says where the code comes from, without credentials: %s', (remote, repositoryUri) => {
    const target = { remote, head: 'b'.repeat(40), branch: 'main' };
    expect(runOf(makeReport([], { target })).versionControlProvenance).toEqual([
      {
        repositoryUri,
        revisionId: 'b'.repeat(40),
        branch: 'main',
        mappedTo: { uriBaseId: '%SRCROOT%' },
      },
    ]);
  });

  it.each(['/srv/git/a.git', '../a', 'C:\\git\\a', 'C:/git/a', 'file:///srv/a'])(
    'does not name a remote on this machine: %s',
    (remote) => {
      const run = runOf(makeReport([], { target: { remote } }));
      expect(run).not.toHaveProperty('versionControlProvenance');
    },
  );

  it.each([
    ['history', 'keywarden/history/'],
    ['files', 'keywarden/'],
    ['staged', 'keywarden/'],
    ['range', 'keywarden/range/'],
    ['stdin', 'keywarden/'],
  ] as const)('files a scan of %s under %s', (kind, id) => {
    expect(runOf(makeReport([], { target: { kind } })).automationDetails).toEqual({ id });
  });

  it.each([
    ['api', 'api/'],
    ['keywarden/api/', 'keywarden/api/'],
  ])('takes the category that was given: %s', (category, id) => {
    const text = sarif.render(makeReport([]), plainStyle, { ...options, category });
    expect(JSON.parse(text)).toMatchObject({ runs: [{ automationDetails: { id } }] });
  });

  it('tells of a key in history which commit, and that it is gone from HEAD', () => {
    const git = makeGit(seeded(5), { inHead: false });
    const [result] = resultsOf(makeReport([{ git }], { target: { kind: 'history' } }));
    const commit = git.introduced?.commit ?? '';
    expect(result?.message.text).toContain(`commit ${commit.slice(0, 12)} (2026-01-02)`);
    expect(result?.message.text).toContain('not in HEAD');
    expect(result?.properties).toMatchObject({
      commit,
      commitDate: '2026-01-02T03:04:05Z',
      inHead: false,
      lastPresent: git.lastPresent,
    });
    expect(result?.locations?.[0]?.logicalLocations).toEqual([{ name: commit, kind: 'commit' }]);
    expect(JSON.stringify(result)).not.toContain('Lovelace');
  });

  it('places a key in an archive at the archive, and names the member', () => {
    const report = makeReport([{ path: 'a.zip', members: ['b.tar', 'c.txt'] }]);
    const place = resultsOf(report)[0]?.locations?.[0];
    expect(place?.physicalLocation?.artifactLocation?.uri).toBe('a.zip');
    expect(place?.physicalLocation?.region).toEqual({ startLine: 1 });
    expect(place?.logicalLocations).toEqual([
      { name: 'c.txt', fullyQualifiedName: 'a.zip!b.tar!c.txt', kind: 'member' },
    ]);
  });

  it('has columns in UTF-16 units, the end exclusive', () => {
    const run = runOf(makeReport([{}]));
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.results?.[0]?.locations?.[0]?.physicalLocation?.region).toEqual({
      startLine: 1,
      startColumn: 7,
      endLine: 1,
      endColumn: 74,
    });
  });

  it('links the other places of a key, five at most, and counts the rest', () => {
    const paths = ['[id]/{0}\\.ts', ...Array.from({ length: 8 }, (_, index) => `z${index}.ts`)];
    const results = resultsOf(makeReport(paths.map((path) => ({ key: 0, path }))));
    const [first, second] = results;
    expect(first?.message.text).toContain(
      'The same key stands at [z0.ts:2](1), [z1.ts:3](2), [z2.ts:4](3), [z3.ts:5](4), [z4.ts:6](5) and 3 more places.',
    );
    expect(second?.message.text).toContain('[\\[id\\]/{{0}}\\\\.ts:1](1)');
    expect(first?.relatedLocations?.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(second?.relatedLocations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(
      '%5Bid%5D/%7B0%7D%5C.ts',
    );
    expect(resultsOf(makeReport([{}]))[0]).not.toHaveProperty('relatedLocations');
  });

  it('raises a live key to an error, whatever its rule', () => {
    const places = [
      { severity: 'low', rule: 'generic-secret', key: 0 },
      { severity: 'low', rule: 'generic-secret', key: 1 },
    ] as const;
    const results = resultsOf(makeReport(places, { liveness: { 1: { state: 'live' } } }));
    expect(results.map(({ level }) => level)).toEqual(['note', 'error']);
    expect(results[1]?.message.text).toContain('The issuer accepts it.');
  });

  it('takes the confidence of the surest finding as the precision of its rule', () => {
    const run = runOf(makeReport([{ confidence: 'low' }, { confidence: 'medium' }]));
    expect(run.tool.driver.rules?.[0]?.properties?.['precision']).toBe('medium');
  });

  it('says what to do and where', () => {
    const [rule] = runOf(makeReport([{}])).tool.driver.rules ?? [];
    for (const text of [rule?.help?.text, rule?.help?.markdown]) {
      expect(text).toContain('https://robotomail.com/settings/keys');
      expect(text).toContain('Removing the line is not enough');
    }
    expect(rule?.help?.text.split('\n').length).toBeGreaterThan(3);
  });

  it('sorts by severity, then path', () => {
    const report = makeReport([
      { path: 'c', severity: 'low' },
      { path: 'b', severity: 'critical' },
      { path: 'a', severity: 'medium' },
      { path: 'a2', severity: 'critical' },
    ]);
    const uris = resultsOf(report).map(
      ({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation?.uri,
    );
    expect(uris).toEqual(['a2', 'b', 'a', 'c']);
  });

  it('cuts at 5,000, the least severe first, and says so', () => {
    const report = makeReport(
      Array.from({ length: 5003 }, (_, index) => ({
        key: index % 50,
        rule: index % 50 < 1 ? 'generic-secret' : 'robotomail-api-key',
        severity: index < 5 ? ('low' as const) : ('high' as const),
      })),
    );
    const run = runOf(report);
    expect(run.results).toHaveLength(5000);
    expect(run.results?.filter(({ properties }) => properties?.['severity'] === 'low').length).toBe(
      2,
    );
    expect(run.properties).toMatchObject({ findings: 5003, resultsLeftOut: 3 });
    expect(noticesOf(report)).toContainEqual({
      level: 'warning',
      text: expect.stringContaining('3 of 5003 results are left out'),
    });
  });

  it('succeeds, and tells what was not looked at', () => {
    const report = makeReport([], {
      coverage: {
        complete: false,
        skipped: [
          { reason: 'unreadable-file', count: 1, examples: ['[a](b){0}'] },
          { reason: 'ignored', count: 2, examples: [] },
          { reason: 'unheard-of', count: 3, examples: [] },
        ],
      },
      problems: [{ kind: 'unreadable-file', where: '[a](b){0}', message: 'permission denied' }],
      suppressed: { inline: 1 },
      baseline: { unused: 1, expired: 0 },
      target: { shallow: true, empty: 'the range has no commits' },
    });
    expect(runOf(report).invocations?.[0]).toMatchObject({ executionSuccessful: true });
    expect(runOf(report).invocations?.[0]).not.toHaveProperty('exitCode');
    const notices = noticesOf(report);
    const warnings = notices.filter(({ level }) => level === 'warning').map(({ text }) => text);
    expect(warnings).toEqual([
      expect.stringContaining('INCOMPLETE'),
      'Not looked at, unreadable-file: 1 (\\[a\\](b){{0}}).',
      'Not looked at, unheard-of: 3.',
      '\\[a\\](b){{0}}: permission denied',
    ]);
    const notes = notices.filter(({ level }) => level === 'note').map(({ text }) => text);
    expect(notes).toEqual([
      'Nothing to look at: the range has no commits.',
      'The repository is a shallow clone.',
      'Suppressed findings: 0 by the baseline, 1 inline, 0 by allowlists.',
      'Baseline entries: 1 unused, 0 expired.',
      'Not looked at, ignored: 2.',
    ]);
  });

  it('bounds the notifications, and counts the rest', () => {
    const problems = Array.from({ length: 1500 }, (_, index) => ({
      kind: 'unreadable-file' as const,
      where: `file-${index}`,
      message: 'permission denied',
    }));
    const notices = noticesOf(makeReport([], { problems, coverage: { complete: false } }));
    expect(notices).toHaveLength(1002);
    expect(notices.at(-1)).toEqual({ level: 'warning', text: '500 more problems.' });
  });
});

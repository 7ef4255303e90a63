/** The page's own logic without a browser: what is selected, and what a key's story is. */
import { describe, expect, it } from 'vitest';
import { pageData } from '../../../src/reporters/html/page-data.ts';
import type { PageKey } from '../../../src/reporters/html/page/data.ts';
import { noFilter, select, tally } from '../../../src/reporters/html/page/filter.ts';
import { storyOf } from '../../../src/reporters/html/page/story.ts';
import { makeReport } from '../../support/make-report.ts';
import { now, placeIn, storyReport } from './support/reports.ts';

function keyOf(places: Parameters<typeof makeReport>[0], state?: 'live' | 'dead'): PageKey {
  const liveness = state && { 0: { state, checkedAt: '2026-10-01T00:00:00Z' } };
  const [key] = pageData(makeReport(places, liveness ? { liveness } : {}), now).keys;
  if (!key) throw new Error('no key');
  return key;
}

describe('the story of a key', () => {
  it('is not told where no date is known', () => {
    expect(storyOf(keyOf([{}]), now.toISOString())).toBeUndefined();
  });

  it('tells when it was revoked and seen to fail', () => {
    const place = { git: placeIn(1, { introduced: '2026-03-01T00:00:00Z' }) };
    const revocation = { outcome: 'revoked-proven', provenAt: '2026-10-02T00:00:00Z' } as const;
    const liveness = { state: 'live', checkedAt: '2026-10-01T00:00:00Z' } as const;
    const report = makeReport([place], {
      liveness: { 0: liveness },
      revocation: { 0: revocation },
    });
    const [key] = pageData(report, now).keys;
    const story = key && storyOf(key, now.toISOString());
    expect(story?.events.map(({ kind }) => kind)).toEqual(['introduced', 'live', 'revoked']);
  });

  it('goes from its first commit to the report, in order of time', () => {
    const key = keyOf(
      [
        { key: 0, path: 'b', git: placeIn(1, { introduced: '2026-03-01T00:00:00Z' }) },
        {
          key: 0,
          path: 'a',
          git: placeIn(2, { introduced: '2026-02-01T00:00:00Z', last: '2026-04-01T00:00:00Z' }),
        },
      ],
      'dead',
    );
    const story = storyOf(key, now.toISOString());
    expect(story?.events.map(({ kind, date }) => `${kind} ${date.slice(0, 10)}`)).toEqual([
      'introduced 2026-02-01',
      'copied 2026-03-01',
      'last-held 2026-04-01',
      'dead 2026-10-01',
    ]);
    expect(story?.lanes.map(({ path, isHeld }) => [path, isHeld])).toEqual([
      ['a', false],
      ['b', true],
    ]);
    expect(story?.until).toBe(now.getTime());
  });

  it('does not make up when a path was removed', () => {
    const { lastPresentDate: _, ...git } = placeIn(1, {
      introduced: '2026-03-01T00:00:00Z',
      last: '2026-04-01T00:00:00Z',
    });
    const story = storyOf(keyOf([{ git }]), now.toISOString());
    expect(story?.lanes[0]).toEqual({
      path: 'src/file-0.ts',
      from: Date.parse('2026-03-01T00:00:00Z'),
      isHeld: false,
    });
    expect(story?.events).toHaveLength(1);
  });

  it('stands a clock that was wrong: a commit after the report', () => {
    const story = storyOf(
      keyOf([{ git: placeIn(1, { introduced: '2030-01-01T00:00:00Z' }) }]),
      now.toISOString(),
    );
    expect(story?.until).toBe(Date.parse('2030-01-01T00:00:00Z'));
  });
});

describe('selecting', () => {
  it('without a filter gives every key and place, live ones first and dead ones last', () => {
    const { keys } = pageData(storyReport(), now);
    const shown = select(keys, noFilter);
    expect(shown.flatMap(({ places }) => places)).toHaveLength(7);
    expect(shown.map(({ key }) => key.liveness.state)).toEqual([
      'live',
      'unknown',
      'unchecked',
      'unchecked',
      'dead',
    ]);
  });

  it('does not call a key historic that HEAD holds at another path', () => {
    const { keys } = pageData(storyReport(), now);
    const shown = select(keys, { ...noFilter, where: new Set(['history']) });
    expect(shown.map(({ key }) => key.where)).toEqual(['history', 'history']);
  });

  it('counts values, the commonest first', () => {
    expect(tally(['b', 'a', 'b', 'c', 'a', 'b'])).toEqual([
      ['b', 3],
      ['a', 2],
      ['c', 1],
    ]);
  });
});

describe('links', () => {
  it.each([
    ['https://issuer.example/keys', ['https://issuer.example/keys']],
    ['http://issuer.example/keys', []],
    ['javascript:alert(1)', []],
    ['https://', []],
    ['https://issuer.example/\u202ekeys', []],
    ['see the handbook', []],
  ])('%s', (revoke, links) => {
    const rules = { 'robotomail-api-key': { revoke, references: [] } };
    expect(pageData(makeReport([{}], { rules }), now).keys[0]?.links).toEqual(links);
  });
});

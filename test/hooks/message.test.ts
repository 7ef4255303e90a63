/** What is said to somebody whose commit was stopped: short, safe to print, and true. */
import { describe, expect, it } from 'vitest';
import { blockedMessage } from '../../src/hooks/blocked-message.ts';
import { makeReport } from '../support/make-report.ts';
import { cases } from '../reporters/support/cases.ts';
import { hooked } from './support/hooked.ts';

const moments = ['commit', 'push', 'received', 'history'] as const;

describe.each(moments)('at a %s', (moment) => {
  it.each(Object.entries(cases))(
    'has at most 25 lines, and nothing that steers a terminal: %s',
    (_name, make) => {
      const report = make();
      const lines = blockedMessage(report, moment);
      expect(lines.length).toBeLessThanOrEqual(25);
      expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      for (const { secret } of report.keys) expect(lines.join('')).not.toContain(secret.reveal());
    },
  );

  it('names which, where, and the ways out, of a thousand keys in four thousand places', () => {
    const places = Array.from({ length: 4_000 }, (_, at) => ({
      key: at % 1_000,
      path: `src/f${at}.ts`,
    }));
    const report = makeReport(places);
    const text = blockedMessage(report, moment).join('\n');
    expect(text.split('\n').length).toBeLessThanOrEqual(25);
    expect(text).toContain('Robotomail API key');
    expect(text).toContain('and 997 more keys');
    const file = report.keys[0]?.findings[0]?.path ?? '';
    expect(text).toContain(`    ${file}:`);
    expect(text).toContain(`git add ${file}`);
    expect(text).toContain('and 2 more');
    expect(text).toContain('Take it out:');
    expect(text).toContain('keywarden:allow robotomail-api-key -- why');
    expect(text).toContain('https://robotomail.com/settings/keys');
  });
});

describe('the ways out work as they are written', () => {
  it('leaving the file out', () => {
    const at = hooked();
    at.keywarden('hook', 'install');
    at.stageKey("it's a.env");
    at.repo.write({ 'b.txt': 'b\n' });
    at.repo.git(['add', 'b.txt']);
    const { said } = at.git(['commit', '-m', 'x']);
    const [, advice = ''] = /(git restore --staged .*)\)/.exec(said) ?? [];
    expect(at.git(['-c', `alias.sh=!${advice} && true`, 'sh']).code).toBe(0);
    expect(at.git(['commit', '-m', 'x']).code).toBe(0);
  });

  it('a marker with a reason', () => {
    const at = hooked();
    at.keywarden('hook', 'install');
    const key = at.stageKey();
    const { said } = at.git(['commit', '-m', 'x']);
    const [marker = ''] = /keywarden:allow .*why/.exec(said) ?? [];
    at.repo.write({ 'leak.env': `ROBOTOMAIL_API_KEY=${key} # ${marker}\n` });
    expect(at.git(['commit', '-a', '-m', 'x']).code).toBe(0);
  });

  it('the baseline', () => {
    const at = hooked();
    at.keywarden('hook', 'install');
    at.stageKey();
    expect(at.git(['commit', '-m', 'x']).said).toContain(
      'keywarden baseline update --staged --reason "why"',
    );
    expect(at.keywarden('baseline', 'update', '--staged', '--reason', 'why').code).toBe(0);
    expect(at.git(['commit', '-m', 'x']).code).toBe(0);
  });

  it('the baseline, for a push', () => {
    const at = hooked();
    at.keywarden('hook', 'install', '--pre-push');
    at.stageKey();
    at.git(['commit', '-q', '-m', 'x']);
    at.git(['init', '-q', '--bare', 'there.git']);
    expect(at.git(['push', 'there.git', 'main']).said).toContain(
      'keywarden baseline update --history --reason "why"',
    );
    at.keywarden('baseline', 'update', '--history', '--reason', 'why');
    expect(at.git(['push', 'there.git', 'main']).code).toBe(0);
  });
});

it('settings of the project count', () => {
  const at = hooked();
  at.keywarden('hook', 'install');
  at.repo.write({ 'keywarden.yaml': 'failOn: never\n' });
  at.stageKey();
  expect(at.git(['commit', '-m', 'x']).code).toBe(0);
});

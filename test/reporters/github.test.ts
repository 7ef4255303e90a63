import { describe, expect, it } from 'vitest';
import { github } from '../../src/reporters/github.ts';
import { makeReport } from '../support/make-report.ts';
import { cases } from './support/cases.ts';
import { render } from './support/render.ts';

const command = /^::(error|warning|notice) ((?:[A-Za-z]+=[^,:]*)(?:,[A-Za-z]+=[^,:]*)*)::(.+)$/;

function commandsOf(text: string) {
  const lines = text.trimEnd().split('\n');
  const last = lines.pop();
  const commands = lines.map((line) => {
    const [, kind, list = '', message] = command.exec(line) ?? [];
    if (kind === undefined) throw new Error(`no command: ${line}`);
    const values = Object.fromEntries(
      list.split(',').map((one) => one.split('=') as [string, string]),
    );
    return { kind, values, message };
  });
  return { commands, last };
}

describe('github', () => {
  it.each(Object.entries(cases))(
    'is one command a line and no other, within the limits: %s',
    (_name, make) => {
      const { commands, last } = commandsOf(render(github, make()));
      expect(last).toMatch(/^keywarden: /);
      for (const kind of ['error', 'warning', 'notice'])
        expect(commands.filter((one) => one.kind === kind).length).toBeLessThanOrEqual(10);
    },
  );

  it('names the file even where its name would end the command', () => {
    const { commands } = commandsOf(
      render(github, makeReport([{ path: 'a:b,c%\n::error::x.ts' }, { path: '(commit message)' }])),
    );
    const files = commands.map(({ values }) => values['file']);
    expect(files).toContain('a%3Ab%2Cc%25%0A%3A%3Aerror%3A%3Ax.ts');
    expect(files).toContain(undefined);
  });

  it('has the place, the key and what to do', () => {
    const report = makeReport([{ path: 'src/a.ts' }]);
    const [only] = commandsOf(render(github, report)).commands;
    expect(only).toEqual({
      kind: 'error',
      values: {
        file: 'src/a.ts',
        line: '1',
        endLine: '1',
        col: '7',
        endColumn: '74',
        title: 'Leaked Robotomail API key (critical)',
      },
      message: expect.stringMatching(
        /^Robotomail API key 'rm_.*'\.%0ARevoke it \(https:\/\/robotomail\.com\/settings\/keys\), then /,
      ),
    });
  });

  it('shows the worst, live ones first, and says how many are left out', () => {
    const places = Array.from({ length: 30 }, (_, index) => ({
      key: index,
      path: `${String(index).padStart(2, '0')}.ts`,
      severity:
        index < 15 ? ('high' as const) : index < 29 ? ('critical' as const) : ('low' as const),
    }));
    const report = makeReport(places, { liveness: { 29: { state: 'live' } } });
    const { commands } = commandsOf(render(github, report));
    const errors = commands.filter(({ kind }) => kind === 'error');
    expect(errors.map(({ values }) => values['file'])).toEqual([
      '29.ts',
      ...Array.from({ length: 9 }, (_, index) => `${15 + index}.ts`),
    ]);
    expect(commands.at(-1)).toMatchObject({
      kind: 'notice',
      message: '20 more findings of 30 without an annotation: a step shows 10 of a kind.',
    });
  });

  it('warns of what was not looked at before all else', () => {
    const report = makeReport([{}], { coverage: { complete: false } });
    expect(commandsOf(render(github, report)).commands[0]).toMatchObject({
      kind: 'warning',
      message: 'INCOMPLETE: not all was looked at.',
    });
  });
});

/** What a terminal is taken to be able to show. */
import { describe, expect, it } from 'vitest';
import { startProgress } from '../../src/platform/progress.ts';
import { terminalStyle, type TerminalFacts } from '../../src/platform/terminal.ts';

const pipe: TerminalFacts = { isTerminal: false, columns: undefined, env: {}, color: undefined };

describe('terminalStyle', () => {
  it.each([
    [{}, 80],
    [{ columns: 60 }, 80],
    [{ isTerminal: true }, 80],
    [{ isTerminal: true, columns: 60 }, 60],
    [{ isTerminal: true, columns: 300 }, 100],
  ])('%j is %i wide', async (facts, width) => {
    expect((await terminalStyle({ ...pipe, ...facts })).width).toBe(width);
  });

  it.each([
    [{}, true],
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'en_US.utf8' }, true],
    [{ LANG: 'C' }, false],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false],
    [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' }, true],
  ])('with %j shows more than ASCII: %s', async (env, unicode) => {
    expect((await terminalStyle({ ...pipe, env })).unicode).toBe(unicode);
  });

  it('colours every kind of text, and leaves all of them plain in a pipe', async () => {
    const kinds = ['bold', 'dim', 'red', 'yellow', 'green', 'cyan'] as const;
    const coloured = await terminalStyle({ ...pipe, isTerminal: true });
    const plain = await terminalStyle(pipe);
    expect(new Set(kinds.map((kind) => coloured[kind]('x'))).size).toBe(kinds.length);
    expect(kinds.map((kind) => plain[kind]('x')).join('')).toBe('xxxxxx');
  });
});

describe('progress', () => {
  function run(isTerminal: boolean, env: NodeJS.ProcessEnv): string {
    let text = '';
    let time = 0;
    const port = { isTerminal, env, write: (more: string) => void (text += more), now: () => time };
    const progress = startProgress(port);
    for (time = 0; time <= 3_000; time += 50) {
      progress.update({ documents: 1_234, bytes: time * 1_000, keys: 2 });
      if (time < 1_000) expect(text).toBe('');
    }
    progress.end();
    return text;
  }

  it('is one line after a second, and taken away', () => {
    const text = run(true, {});
    expect(text).toContain('scanning: 1,234 units, 1 MB/s, 2 keys found');
    expect(text).not.toContain('\n');
    expect(text.endsWith('\r\u001b[K')).toBe(true);
    expect(text.split('scanning').length - 1).toBeLessThan(20);
  });

  it('counts the keys of which issuers are asked, after the scan', () => {
    let text = '';
    let time = 0;
    const write = (more: string) => void (text += more);
    const progress = startProgress({ isTerminal: true, env: {}, write, now: () => time });
    progress.end();
    expect(text).toBe('');
    time = 1_200;
    progress.asking({ done: 12, total: 300 });
    expect(text).toBe('\r\u001b[Kasking issuers: 12 of 300 keys');
    progress.end();
    progress.end();
    expect(text).toBe('\r\u001b[Kasking issuers: 12 of 300 keys\r\u001b[K');
  });

  it.each([
    ['no terminal', false, {}],
    ['CI', true, { CI: 'true' }],
    ['a dumb terminal', true, { TERM: 'dumb' }],
  ])('is silent with %s', (_name, isTerminal, env) => {
    expect(run(isTerminal, env)).toBe('');
  });
});

/** Archives that nobody here can open: encrypted ones, and formats that are not read. They are in the ledger, and the rest is scanned. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hasProgram } from '../support/has-program.ts';
import { makeTar, makeZip } from '../support/make-archive.ts';
import { makeCompound } from '../support/make-compound.ts';
import { makeTree, type TreeNode } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { robotomailKey } from '../support/sample.ts';

interface Json {
  readonly coverage: {
    readonly complete: boolean;
    readonly archives?: readonly { format: string; opened: number; skipped: number }[];
  };
  readonly findings: readonly { readonly path: string; readonly members: readonly string[] }[];
  readonly problems: readonly { readonly kind: string; readonly where: string }[];
}

async function scan(cwd: string, ...args: string[]): Promise<Json & { code: number }> {
  const { code, stdout, stderr } = await runMain(['scan', ...args, '-f', 'json'], { cwd });
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Json) };
}

function told({ problems }: Json): string[] {
  return problems.map(({ kind, where }) => `${kind} ${where}`).sort();
}

function closed({ coverage }: Json, format: string): number | undefined {
  return coverage.archives?.find((one) => one.format === format)?.skipped;
}

const key = robotomailKey('closed');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;
const other = robotomailKey('closed, and not to be seen');
const secret = `ROBOTOMAIL_API_KEY=${other}\n`.repeat(40);

/** Runs programs in a new folder that holds what is to be packed. */
function packed(file: string, ...commands: readonly (readonly [string, ...string[]])[]): Buffer {
  const folder = makeTree({ 'secret.env': secret, 'open.env': line });
  for (const [program, ...args] of commands)
    execFileSync(program, args, { cwd: folder, stdio: 'pipe' });
  return readFileSync(join(folder, file));
}

async function expectHalf(archive: Buffer): Promise<void> {
  const report = await scan(makeTree({ 'a.zip': archive, 'b.tgz': inTar(archive) }));
  expect(told(report)).toEqual([
    'archive-encrypted a.zip!secret.env',
    'archive-encrypted b.tgz!in/a.zip!secret.env',
  ]);
  // What is not encrypted is scanned all the same.
  expect(report.findings.map((one) => [one.path, ...one.members].join('!'))).toEqual([
    'a.zip!open.env',
    'b.tgz!in/a.zip!open.env',
  ]);
  expect([report.coverage.complete, report.code]).toEqual([false, 1]);
}

function inTar(content: Buffer): Buffer {
  return gzipSync(makeTar([{ name: 'in/a.zip', content }]));
}

describe('zips with a member that is encrypted', () => {
  it.skipIf(!hasProgram('zip'))('by zip', async () => {
    await expectHalf(
      packed(
        'a.zip',
        ['zip', '-q', '-P', 'password', 'a.zip', 'secret.env'],
        ['zip', '-q', 'a.zip', 'open.env'],
      ),
    );
  });

  it.skipIf(!hasProgram('zip'))('by zip to a stream, with sizes behind the data', async () => {
    const folder = makeTree({ 'secret.env': secret, 'open.env': line });
    const args = ['-q', '-P', 'password', '-', 'secret.env'];
    const archive = execFileSync('zip', args, { cwd: folder, stdio: 'pipe' });
    const report = await scan(makeTree({ 'a.zip': archive }));
    expect([told(report), report.code]).toEqual([['archive-encrypted a.zip!secret.env'], 2]);
  });

  it.skipIf(!hasProgram('7z')).each([
    ['ZipCrypto', 'Deflate'],
    ['AES256', 'Deflate'],
    ['AES128', 'LZMA'],
    ['AES256', 'Deflate64'],
  ])('by 7z: %s, %s', async (encryption, method) => {
    const flags = ['-ppassword', `-mem=${encryption}`, `-mm=${method}`];
    await expectHalf(
      packed(
        'a.zip',
        ['7z', 'a', '-tzip', ...flags, 'a.zip', 'secret.env'],
        ['7z', 'a', '-tzip', 'a.zip', 'open.env'],
      ),
    );
  });

  it('byte by byte, where no program is', async () => {
    await expectHalf(
      makeZip([
        {
          name: 'secret.env',
          content: secret,
          flags: 1,
          data: Buffer.from(key.split('').reverse().join('')),
        },
        { name: 'open.env', content: line },
      ]),
    );
  });
});

describe('Office documents with a password', () => {
  const document = makeCompound({
    EncryptionInfo: Buffer.from([4, 0, 4, 0, 0x40, 0, 0, 0]),
    EncryptedPackage: Buffer.alloc(9_000, 0xa5),
  });

  it.skipIf(!hasProgram('7z'))('are made here as a program reads them', () => {
    const folder = makeTree({ 'a.docx': document });
    const listed = execFileSync('7z', ['l', 'a.docx'], { cwd: folder, encoding: 'utf8' });
    expect(listed).toMatch(/Type = Compound[^]*EncryptionInfo[^]*EncryptedPackage/);
  });

  it.each(['a.docx', 'a.xlsx', 'no-name'])('%s', async (name) => {
    const tree = makeTree({
      [name]: document,
      'b.env': line,
      'c.tar': makeTar([{ name, content: document }]),
    });
    const report = await scan(tree);
    expect(told(report)).toEqual(
      [`archive-encrypted ${name}`, `archive-encrypted c.tar!${name}`].sort(),
    );
    expect(closed(report, 'office')).toBe(2);
    expect(report.findings.map((one) => one.path)).toEqual(['b.env']);
  });
});

describe('formats that are not opened', () => {
  it.skipIf(!hasProgram('7z')).each<[string, string, string[]]>([
    ['7z', 'a.7z', []],
    ['7z', 'encrypted.7z', ['-ppassword', '-mhe=on']],
    ['wim', 'a.wim', ['-twim']],
  ])('%s by the program 7z: %s', async (format, name, flags) => {
    await expectClosed(format, name, packed(name, ['7z', 'a', ...flags, name, 'secret.env']));
  });

  it.skipIf(!hasProgram('lz4')).each([['-9'], ['-l']])('lz4 by its program: %s', async (flag) => {
    const archive = packed('a.lz4', ['lz4', '-q', flag, 'secret.env', 'a.lz4']);
    await expectClosed('lz4', 'a.lz4', archive);
  });

  it.each<[string, string, Buffer]>([
    ['rar', 'a.rar', Buffer.from('526172211a0701003392b5e50a010506', 'hex')],
    ['cab', 'a.cab', Buffer.from('4d534346000000001c0100000000000000002c00', 'hex')],
    ['squashfs', 'a.sqfs', Buffer.from('6873717305000000000000000000020001000000', 'hex')],
    ['xar', 'a.pkg', Buffer.from('78617221001c0001', 'hex')],
    ['iso', 'a.iso', Buffer.concat([Buffer.alloc(0x8000), Buffer.from('\u0001CD001\u0001\0')])],
    ['dmg', 'a.dmg', Buffer.concat([Buffer.alloc(900, 0x78), dmgTrailer()])],
    ['dmg', 'no-name', Buffer.concat([Buffer.alloc(900, 0x78), dmgTrailer()])],
    ['split zip', 'a.z01', Buffer.from('504b0708504b030414000000', 'hex')],
    ['cab', 'a.msi', makeCompound({ 'disk1.cab': Buffer.from('4d53434600000000', 'hex') })],
  ])('%s by its first bytes: %s', expectClosed);
});

async function expectClosed(format: string, name: string, archive: Buffer): Promise<void> {
  const entries: Record<string, TreeNode> = { [name]: archive, 'b.env': line };
  const inside = makeTar([{ name, content: archive }]);
  const report = await scan(makeTree({ ...entries, 'c.tar': inside }));
  expect(told(report)).toEqual(
    [`archive-not-opened ${name}`, `archive-not-opened c.tar!${name}`].sort(),
  );
  expect(closed(report, format)).toBe(2);
  // Of some the bytes are text enough to be found as they are.
  expect(report.findings.map((one) => one.path)).toContain('b.env');
  expect([report.coverage.complete, report.code]).toEqual([false, 1]);
}

function dmgTrailer(): Buffer {
  const trailer = Buffer.alloc(512);
  Buffer.from('6b6f6c79000000040000020000000001', 'hex').copy(trailer);
  return trailer;
}

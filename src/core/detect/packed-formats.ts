/** How packed formats begin, of archives, compressed files and images of disks. Says nothing of what is opened. */
import { isLzma } from './lzma-header.ts';

interface Mark {
  readonly format: string;
  readonly bytes: Buffer;
  /** Where it stands. */
  readonly at: number;
}

function mark(format: string, latin1: string, at = 0): Mark {
  return { format, bytes: Buffer.from(latin1, 'latin1'), at };
}

/**
 * An uncompressed tar is text enough to be looked into as it is.
 * @see https://github.com/file/file/tree/master/magic/Magdir (archive, compress, filesystems; read 2026-11-26)
 */
const marks: readonly Mark[] = [
  mark('zip', 'PK\u0003\u0004'),
  mark('split zip', 'PK\u0007\bPK\u0003\u0004'),
  mark('split zip', 'PK00PK\u0003\u0004'),
  mark('gzip', '\u001f\u008b\b'),
  mark('bzip2', 'BZh'),
  mark('xz', '\u00fd7zXZ\0'),
  mark('zstd', '\u0028\u00b5\u002f\u00fd'),
  mark('lzip', 'LZIP\u0001'),
  mark('compress', '\u001f\u009d\u0090'),
  mark('7z', '7z\u00bc\u00af\u0027\u001c'),
  mark('rar', 'Rar!\u001a\u0007'),
  mark('cab', 'MSCF\0\0\0\0'),
  mark('cab', 'ISc('),
  mark('wim', 'MSWIM\0\0\0'),
  mark('xar', 'xar!\0'),
  mark('ace', '**ACE**', 7),
  mark('zoo', '\u00dc\u00a7\u00c4\u00fd', 20),
  mark('lz4', '\u0004\u0022\u004d\u0018'),
  mark('lz4', '\u0002\u0021\u004c\u0018'),
  mark('lz4', '\u0003\u0021\u004c\u0018'),
  mark('lzop', '\u0089LZO\0\r'),
  mark('lrzip', 'LRZI\0'),
  mark('zpaq', '7kSt\u00a0\u0031\u0083\u00d3'),
  mark('zpaq', 'zPQ\u0001'),
  mark('lzfse', 'bvx2'),
  mark('lzfse', 'bvxn'),
  mark('snappy', '\u00ff\u0006\0\0sNaPpY'),
  mark('pack200', '\u00ca\u00fe\u00d0\r'),
  mark('szdd', 'SZDD\u0088\u00f0\u0027\u0033'),
  mark('kwaj', 'KWAJ\u0088\u00f0\u0027\u00d1'),
  mark('chm', 'ITSF\u0003\0\0\0'),
  mark('squashfs', 'hsqs'),
  mark('cramfs', '\u0045\u003d\u00cd\u0028'),
  mark('ubifs', '\u0031\u0018\u0010\u0006'),
  mark('erofs', '\u00e2\u00e1\u00f5\u00e0', 1_024),
  mark('iso', '\u0001CD001\u0001', 0x8000),
  mark('qcow', 'QFI\u00fb\0\0\0'),
  mark('vmdk', 'KDMV'),
  mark('vhdx', 'vhdxfile'),
  mark('vhd', 'conectix\0\0\0'),
  mark('vdi', '\u007f\u0010\u00da\u00be', 64),
  mark('dmg', 'encrcdsa'),
];

/** Nearly every document differs from all of them in its first byte. */
const byFirst = new Map<number, readonly Mark[]>();
for (const one of marks) {
  if (one.at > 0) continue;
  const first = one.bytes[0] as number;
  byFirst.set(first, [...(byFirst.get(first) ?? []), one]);
}
const later = marks.filter((one) => one.at > 0);

/** `head`: the beginning of a document, or all of it. */
export function packedFormat(where: string, head: Buffer): string | undefined {
  const first = byFirst.get(head[0] as number);
  const found = first?.find((one) => stands(one, head)) ?? later.find((one) => stands(one, head));
  if (found) return found.format;
  if (head[0] === 0x5d && isLzma(head)) return 'lzma';
  if (head[2] === 0x2d && /^-l[hz][0-9ds]-$/.test(head.toString('latin1', 2, 7))) return 'lha';
  return isDiskImage(where, head) ? 'dmg' : undefined;
}

function stands({ bytes, at }: Mark, head: Buffer): boolean {
  if (head[at] !== bytes[0] || head.length < at + bytes.length) return false;
  return head.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0;
}

const dmgTrailerBytes = 512;
const dmgTrailer = Buffer.from('koly\0\0\0\u0004\0\0\u0002\0', 'latin1');

/** Images of Apple have their mark at the end, which need not be here: then it is the name, and that it is no text. */
function isDiskImage(where: string, head: Buffer): boolean {
  const at = head.length - dmgTrailerBytes;
  if (at >= 0 && stands({ format: 'dmg', bytes: dmgTrailer, at }, head)) return true;
  return where.endsWith('.dmg') && head.includes(0);
}

/** Which packed or compiled format begins here, by its first bytes; of brotli, which has none, by name. Asked for every document. */
import { isLzma } from '../../core/detect/lzma-header.ts';
import { isFatMachO, isPe, pycHeaderBytes } from './recognise-compiled.ts';

export type Format = ContainerFormat | CompiledFormat;

export type ContainerFormat = 'zip' | 'tar' | 'ar' | 'cpio' | 'rpm' | 'asar' | Compression;

/** Of one file by itself. */
type Compression = 'gzip' | 'bzip2' | 'xz' | 'zstd' | 'brotli' | 'lzma' | 'lzip' | 'compress';

/** They hold text and no files. */
export type CompiledFormat = 'class' | 'pyc' | 'executable' | 'sqlite' | 'pdf';

const compiledFormats: ReadonlySet<Format> = new Set<CompiledFormat>([
  'class',
  'pyc',
  'executable',
  'sqlite',
  'pdf',
]);

export function isCompiled(format: Format): format is CompiledFormat {
  return compiledFormats.has(format);
}

/** So many bytes are enough to tell. */
export const headBytes = 512;

/** `head`: the first `headBytes`, or all there is. `name`: where one is known. */
export function recognise(head: Buffer, name = ''): Format | undefined {
  const first = head[0] ?? 0;
  if (mayBegin[first] === 0) return tarOr(head, name);
  switch (first) {
    case 0x50:
      // A member, or the end of an empty archive.
      if (starts(head, 'PK\u0003\u0004') || starts(head, 'PK\u0005\u0006')) return 'zip';
      return isSkippable(head) ? 'zstd' : tarOr(head, name);
    case 0x43:
      // A browser extension: a zip behind a signature.
      return starts(head, 'Cr24') && head.length > 12 ? 'zip' : tarOr(head, name);
    case 0x1f:
      // Flags beyond the five are reserved.
      if (head[1] === 0x8b && head[2] === 8 && ((head[3] ?? 0xff) & 0xe0) === 0) return 'gzip';
      return isCompress(head) ? 'compress' : tarOr(head, name);
    case 0x4c:
      return isLzip(head) ? 'lzip' : tarOr(head, name);
    case 0x5d:
      return isLzma(head) ? 'lzma' : isSkippable(head) ? 'zstd' : tarOr(head, name);
    case 0x42:
      return isBzip2(head) ? 'bzip2' : tarOr(head, name);
    case 0xfd:
      return starts(head, '\u00fd7zXZ\0') ? 'xz' : tarOr(head, name);
    case 0x21:
      return starts(head, '!<arch>\n') ? 'ar' : tarOr(head, name);
    case 0xed:
      return starts(head, '\u00ed\u00ab\u00ee\u00db') ? 'rpm' : tarOr(head, name);
    case 0x04:
      return isAsar(head) ? 'asar' : tarOr(head, name);
    case 0x28:
      return starts(head, '\u0028\u00b5\u002f\u00fd') ? 'zstd' : tarOr(head, name);
    case 0x30:
      return isCpio(head) ? 'cpio' : tarOr(head, name);
    case 0x25:
      return starts(head, '%PDF-') ? 'pdf' : tarOr(head, name);
    case 0x53:
      return starts(head, 'SQLite format 3\0') ? 'sqlite' : tarOr(head, name);
    case 0x7f:
      return starts(head, '\u007fELF') ? 'executable' : tarOr(head, name);
    case 0x4d:
      return isPe(head) ? 'executable' : tarOr(head, name);
    case 0x00:
      return starts(head, '\0asm') ? 'executable' : tarOr(head, name);
    case 0xca:
      if (!starts(head, '\u00fe\u00ba', 1) || head.length < 10) return tarOr(head, name);
      if (isFatMachO(head)) return 'executable';
      return head[3] === 0xbe ? 'class' : tarOr(head, name);
    case 0xfe:
      return starts(head, '\u00ed\u00fa', 1) && ((head[3] ?? 0) & 0xfe) === 0xce
        ? 'executable'
        : tarOr(head, name);
    case 0xce:
    case 0xcf:
      return starts(head, '\u00fa\u00ed\u00fe', 1) ? 'executable' : tarOr(head, name);
    default:
      return isSkippable(head) ? 'zstd' : tarOr(head, name);
  }
}

/** First bytes of formats that have a mark: of nearly every document it is another. */
const mayBegin = new Uint8Array(256);
for (const byte of [0x43, 0x1f, 0x42, 0xfd, 0x21, 0xed, 0x04, 0x28, 0x30]) mayBegin[byte] = 1;
for (const byte of [0x4c, 0x25, 0x7f, 0x4d, 0x00, 0xca, 0xfe, 0xce, 0xcf]) mayBegin[byte] = 1;
// A zip, SQLite, LZMA with its usual properties, and of zstd frames without content.
mayBegin.fill(1, 0x50, 0x60);

/** Names that promise an archive which is opened here. */
export function promisesArchive(name: string): boolean {
  return archiveEndings.has(endingOf(name));
}

/** Names of archives that may have something before their first member. */
export function isZipName(name: string): boolean {
  return zipEndings.has(endingOf(name));
}

/** Promises an archive, or is one's if there is one. Asked for every document: sets are quicker than patterns. */
export function isArchiveName(name: string): boolean {
  const ending = endingOf(name);
  return archiveEndings.has(ending) || zipEndings.has(ending);
}

const zips = 'zip jar war ear aar apk ipa whl nupkg vsix xpi crx docx xlsx pptx odt'.split(' ');
const zipEndings: ReadonlySet<string> = new Set([...zips, 'egg', 'pex']);
const archiveEndings: ReadonlySet<string> = new Set([
  ...zips,
  ...'tar tgz gz tbz tbz2 bz2 txz xz tzst zst lzma tlz lz deb rpm'.split(' '),
]);
const longestEnding = 5;

/** In small letters, without the dot; empty when there is none that could be an archive's. */
function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 || name.length - dot - 1 > longestEnding ? '' : name.slice(dot + 1).toLowerCase();
}

function tarOr(head: Buffer, name: string): Format | undefined {
  if (head[2] === 0x0d && pycHeaderBytes(head) !== undefined) return 'pyc';
  const digit = head[148] ?? 0;
  const mayBeTar = (digit >= 0x30 && digit <= 0x37) || digit === 0x20;
  if (mayBeTar && head.length >= 512 && isTar(head)) return 'tar';
  return name.length > 3 && head.length > 0 ? byName(head, name) : undefined;
}

/** Brotli, and LZMA with properties that nearly nothing has. Most names differ in their last letter. */
function byName(head: Buffer, name: string): Format | undefined {
  const last = name.charCodeAt(name.length - 1) | 0x20;
  if (last === 0x72) return endingOf(name) === 'br' ? 'brotli' : undefined;
  if (last !== 0x61 || endingOf(name) !== 'lzma') return undefined;
  return isLzma(head) ? 'lzma' : undefined;
}

/** @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html (ustar; before it there was no magic) */
export function isTar(head: Buffer): boolean {
  // The checksum: octal digits, behind which stands a NUL or a blank.
  for (let at = 148; at < 154; at += 1) {
    const byte = head[at] as number;
    if (byte !== 0x20 && (byte < 0x30 || byte > 0x37)) return false;
  }
  const told = Number.parseInt(head.toString('latin1', 148, 156), 8);
  let unsigned = 8 * 0x20;
  let signed = unsigned;
  for (let at = 0; at < 512; at += 1) {
    if (at >= 148 && at < 156) continue;
    const byte = head[at] as number;
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return told === unsigned || told === signed;
}

/** Of a zstd stream the first frame may be one without content. */
function isSkippable(head: Buffer): boolean {
  return ((head[0] ?? 0) & 0xf0) === 0x50 && starts(head, '\u002a\u004d\u0018', 1);
}

function isBzip2(head: Buffer): boolean {
  const level = head[3] ?? 0;
  if (!starts(head, 'BZh') || level < 0x31 || level > 0x39) return false;
  return (
    starts(head, '\u0031\u0041\u0059\u0026\u0053\u0059', 4) ||
    starts(head, '\u0017\u0072\u0045\u0038\u0050\u0090', 4)
  );
}

/** The width of its codes, and the first one, which stands for a byte. */
function isCompress(head: Buffer): boolean {
  const flags = head[2] ?? 0;
  const widest = flags & 0x1f;
  if (head[1] !== 0x9d || (flags & 0x60) !== 0 || widest < 9 || widest > 16) return false;
  return head.length < 5 || ((head[4] as number) & 1) === 0;
}

function isLzip(head: Buffer): boolean {
  const power = (head[5] ?? 0) & 0x1f;
  return starts(head, 'LZIP\u0001') && power >= 12 && power <= 29;
}

/** Pickles: the size of a size, then of the header and of the JSON text in it. */
function isAsar(head: Buffer): boolean {
  if (head.length < 18 || head.readUInt32LE(0) !== 4) return false;
  const header = head.readUInt32LE(4);
  const payload = head.readUInt32LE(8);
  const text = head.readUInt32LE(12);
  return header >= payload + 4 && payload >= text + 4 && head[16] === 0x7b;
}

function isCpio(head: Buffer): boolean {
  const text = head.toString('latin1', 0, 110);
  return /^07070[12][0-9a-fA-F]{104}$/.test(text) || /^070707[0-7]{70}/.test(text);
}

function starts(head: Buffer, latin1: string, from = 0): boolean {
  if (head.length < from + latin1.length) return false;
  for (let at = 0; at < latin1.length; at += 1) {
    if (head[from + at] !== latin1.charCodeAt(at)) return false;
  }
  return true;
}

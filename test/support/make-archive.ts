/** Archives, byte by byte, also such as no tool writes. Nothing here is read from the code under test. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  readonly name: string;
  readonly content: Buffer | string;
  readonly method?: 0 | 8;
  /** What the local header says instead. */
  readonly localName?: string;
  readonly flags?: number;
  readonly crc?: number;
  readonly unpacked?: number;
  readonly packed?: number;
  /** Lies where this earlier member lies: its data are not written again. */
  readonly sameAs?: number;
  readonly mode?: number;
  /** Written before its local header, which nothing points to. */
  readonly before?: Buffer;
  /** Already packed. */
  readonly data?: Buffer;
  readonly methodNumber?: number;
  readonly zip64?: boolean;
  /** Checksum and sizes stand behind the data, and not before. */
  readonly descriptor?: boolean;
}

export function makeZip(
  members: readonly ZipMember[],
  options: {
    readonly comment?: string;
    readonly told?: number;
    readonly directoryOffset?: number;
  } = {},
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  const put = (bytes: Buffer): void => {
    parts.push(bytes);
    at += bytes.length;
  };
  for (const member of members) {
    const content = Buffer.from(member.content);
    const method = member.methodNumber ?? member.method ?? 8;
    const data = member.data ?? (method === 8 ? deflateRawSync(content) : content);
    const crc = member.crc ?? crc32(content);
    const unpacked = member.unpacked ?? content.length;
    const packed = member.packed ?? data.length;
    const flags = (member.flags ?? 0) | (member.descriptor ? 8 : 0);
    if (member.before) put(member.before);
    const offset = member.sameAs === undefined ? at : (offsets[member.sameAs] ?? 0);
    offsets.push(offset);
    if (member.sameAs === undefined) {
      const name = Buffer.from(member.localName ?? member.name);
      const local = Buffer.alloc(30);
      local.writeUInt32LE(0x04034b50, 0);
      local.writeUInt16LE(20, 4);
      local.writeUInt16LE(flags, 6);
      local.writeUInt16LE(method, 8);
      // Sizes beyond four bytes are told by zip64.
      const held = [crc, Math.min(packed, 0xffffffff), Math.min(unpacked, 0xffffffff)];
      const sums = Buffer.concat(held.map(uint32));
      if (!member.descriptor) sums.copy(local, 14);
      local.writeUInt16LE(name.length, 26);
      const behind = member.descriptor ? [Buffer.from('PK\u0007\b'), sums] : [];
      put(Buffer.concat([local, name, data, ...behind]));
    }
    const name = Buffer.from(member.name);
    const extra = member.zip64 ? Buffer.alloc(28) : Buffer.alloc(0);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE((3 << 8) | 20, 4);
    central.writeUInt16LE(20, 6);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc, 16);
    central.writeUInt32LE(member.zip64 ? 0xffffffff : packed, 20);
    central.writeUInt32LE(member.zip64 ? 0xffffffff : unpacked, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt16LE(extra.length, 30);
    central.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 38);
    central.writeUInt32LE(member.zip64 ? 0xffffffff : offset, 42);
    if (member.zip64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(unpacked), 4);
      extra.writeBigUInt64LE(BigInt(packed), 12);
      extra.writeBigUInt64LE(BigInt(offset), 20);
    }
    directory.push(central, name, extra);
  }
  const start = at;
  for (const part of directory) put(part);
  const size = at - start;
  const comment = Buffer.from(options.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.told ?? members.length, 8);
  end.writeUInt16LE(options.told ?? members.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(options.directoryOffset ?? start, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, end, comment]);
}

export interface TarMember {
  readonly name: string;
  readonly content?: Buffer | string;
  readonly type?: string;
  readonly linkName?: string;
  /** What the header says instead. */
  readonly size?: number;
  readonly magic?: 'ustar' | 'gnu' | 'old';
  /** Written over the header before the checksum is made. */
  readonly edit?: (header: Buffer) => void;
}

export function tarHeader(member: TarMember, bytes: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(member.name.slice(0, 100), 0, 'utf8');
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${(member.size ?? bytes).toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(member.type ?? '0', 156);
  header.write(member.linkName ?? '', 157);
  const magic = member.magic ?? 'ustar';
  if (magic === 'ustar') header.write('ustar\u000000', 257);
  if (magic === 'gnu') header.write('ustar  \0', 257);
  member.edit?.(header);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

export function makeTar(members: readonly TarMember[], end = true): Buffer {
  const parts = members.flatMap((member) => {
    const content = Buffer.from(member.content ?? '');
    return [tarHeader(member, content.length), content, padding(content.length, 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(end ? 1_024 : 0)]);
}

/** A pax header that says more of the member behind it. */
export function paxHeader(records: Readonly<Record<string, string>>, type = 'x'): TarMember {
  const content = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    let length = Buffer.byteLength(rest);
    while (String(length).length + Buffer.byteLength(rest) !== length) length += 1;
    return `${length}${rest}`;
  });
  return { name: 'PaxHeaders/x', type, content: content.join('') };
}

export function makeAr(
  members: readonly { readonly name: string; readonly content: Buffer | string }[],
): Buffer {
  const parts = members.flatMap(({ name, content }) => {
    const bytes = Buffer.from(content);
    const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`;
    return [Buffer.from(header), bytes, Buffer.from(bytes.length % 2 ? '\n' : '')];
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}

export function makeCpio(
  members: readonly {
    readonly name: string;
    readonly content: Buffer | string;
    readonly sum?: number;
  }[],
  magic: '070701' | '070702' | '070707' = '070701',
): Buffer {
  const all = [...members, { name: 'TRAILER!!!', content: '' }];
  const parts = all.flatMap((member) => {
    const content = Buffer.from(member.content);
    const name = Buffer.from(`${member.name}\0`);
    if (magic === '070707') {
      const oct = (value: number, digits: number): string =>
        value.toString(8).padStart(digits, '0');
      const header = `${magic}${oct(0, 36)}${oct(0, 6)}${oct(0, 11)}${oct(name.length, 6)}${oct(content.length, 11)}`;
      return [Buffer.from(header), name, content];
    }
    const sum =
      ('sum' in member ? member.sum : undefined) ??
      (magic === '070702' ? content.reduce((a, b) => a + b, 0) : 0);
    const fields = [1, 0o100644, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, sum];
    const header = magic + fields.map((value) => value.toString(16).padStart(8, '0')).join('');
    return [
      Buffer.from(header),
      name,
      padding(110 + name.length, 4),
      content,
      padding(content.length, 4),
    ];
  });
  return Buffer.concat(parts);
}

/** `payload`: a packed cpio. */
export function makeRpm(payload: Buffer, script = ''): Buffer {
  const header = (text: string): Buffer => {
    const intro = Buffer.alloc(16);
    intro.set([0x8e, 0xad, 0xe8, 1]);
    intro.writeUInt32BE(1, 8);
    intro.writeUInt32BE(Buffer.byteLength(text), 12);
    return Buffer.concat([intro, Buffer.alloc(16), Buffer.from(text)]);
  };
  const lead = Buffer.alloc(96);
  lead.set([0xed, 0xab, 0xee, 0xdb, 3, 0]);
  const signature = header('signed');
  return Buffer.concat([lead, signature, padding(signature.length, 8), header(script), payload]);
}

export function makeAsar(
  files: Readonly<Record<string, Buffer | string>>,
  edit = (tree: object): object => tree,
): Buffer {
  const tree: Record<string, unknown> = {};
  const contents: Buffer[] = [];
  let at = 0;
  for (const [path, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const parts = path.split('/');
    let folder = tree;
    for (const part of parts.slice(0, -1)) {
      const next = (folder[part] ?? { files: {} }) as { files: Record<string, unknown> };
      folder[part] = next;
      folder = next.files;
    }
    folder[parts.at(-1) ?? ''] = { size: content.length, offset: String(at) };
    contents.push(content);
    at += content.length;
  }
  const json = Buffer.from(JSON.stringify(edit({ files: tree })));
  const text = Buffer.concat([json, padding(json.length, 4)]);
  const sizes = Buffer.alloc(16);
  sizes.writeUInt32LE(4, 0);
  sizes.writeUInt32LE(text.length + 8, 4);
  sizes.writeUInt32LE(text.length + 4, 8);
  sizes.writeUInt32LE(json.length, 12);
  return Buffer.concat([sizes, text, ...contents]);
}

function padding(bytes: number, to: number): Buffer {
  return Buffer.alloc((to - (bytes % to)) % to);
}

/** An xz of stored chunks without a check; `dictionary`: 0 is 4 KiB, 28 is 64 MiB, 40 the most. */
export function makeXz(content: Buffer, dictionary: number): Buffer {
  const withCrc = (bytes: Buffer): Buffer => Buffer.concat([bytes, uint32(crc32(bytes))]);
  const flags = Buffer.from([0, 0]);
  const header = withCrc(Buffer.from([2, 0, 0x21, 1, dictionary, 0, 0, 0]));
  const chunks: Buffer[] = [];
  for (let at = 0; at < content.length; at += 1 << 16) {
    const chunk = content.subarray(at, at + (1 << 16));
    const size = chunk.length - 1;
    chunks.push(Buffer.from([at === 0 ? 1 : 2, size >> 8, size & 0xff]), chunk);
  }
  const data = Buffer.concat([...chunks, Buffer.from([0])]);
  const records = Buffer.from([
    0,
    1,
    ...variable(header.length + data.length),
    ...variable(content.length),
  ]);
  const index = withCrc(Buffer.concat([records, padding(records.length, 4)]));
  const footer = Buffer.concat([uint32(index.length / 4 - 1), flags]);
  return Buffer.concat([
    Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
    withCrc(flags),
    header,
    data,
    padding(data.length, 4),
    index,
    uint32(crc32(footer)),
    footer,
    Buffer.from('YZ'),
  ]);
}

function variable(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

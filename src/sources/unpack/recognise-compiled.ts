/** Compiled formats whose first bytes alone do not tell. */

/** Where the marshalled code starts; undefined where it is no compiled Python. */
export function pycHeaderBytes(head: Buffer): number | undefined {
  if (head.length < 18 || head[2] !== 0x0d || head[3] !== 0x0a) return undefined;
  const magic = head.readUInt16LE(0);
  // Python 2 counted years, and 3 began anew.
  const isKnown = (magic >= 3_000 && magic < 4_500) || (magic >= 50_000 && magic < 63_000);
  if (!isKnown) return undefined;
  const length = magic > 20_000 || magic < 3_200 ? 8 : magic < 3_390 ? 12 : 16;
  return ((head[length] ?? 0) & 0x7f) === 0x63 ? length : undefined;
}

/** The old program at the start says where the new one is: it need not be in `head`. */
export function isPe(head: Buffer): boolean {
  if (head[1] !== 0x5a || head.length < 0x40) return false;
  const at = head.readUInt32LE(0x3c);
  if (at + 4 > head.length) return at < 0x1_0000 && at % 8 === 0 && head.includes(0);
  return head.readUInt32LE(at) === 0x4550;
}

/** Java classes begin the same way; behind it stands their version, and 45 was the first. */
export function isFatMachO(head: Buffer): boolean {
  const architectures = head.readUInt32BE(4);
  return (head[3] === 0xbe || head[3] === 0xbf) && architectures > 0 && architectures < 45;
}

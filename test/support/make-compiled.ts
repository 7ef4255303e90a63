/** Compiled files, built byte by byte. */

/** A Java class with a constant pool of these strings, a number of each size between them. */
export function makeClass(strings: readonly string[]): Buffer {
  const constants = strings.map((text) => {
    const bytes = Buffer.from(text);
    const long = Buffer.from([5, 0, 0, 0, 0, 0, 0, 0, 1]);
    return Buffer.concat([Buffer.from([1, bytes.length >> 8, bytes.length & 255]), bytes, long]);
  });
  const head = Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 65, 0, strings.length * 3 + 1]);
  return Buffer.concat([head, ...constants, Buffer.alloc(8)]);
}

/** A module of Python 3.12 whose constants are these; the last one is in a function of its own. */
export function makePyc(strings: readonly string[]): Buffer {
  const head = Buffer.from([0xcb, 0x0d, 0x0d, 0x0a, ...Array.from({ length: 12 }, () => 0)]);
  const inner = code([pyString(strings.at(-1) ?? '')]);
  return Buffer.concat([head, code([...strings.slice(0, -1).map(pyString), inner])]);
}

function code(constants: readonly Buffer[]): Buffer {
  const tuple = Buffer.concat([Buffer.from([0x29, constants.length]), ...constants]);
  const empty = Buffer.from([0x29, 0]);
  const bytecode = pyBytes(Buffer.from([0x97, 0, 0x53, 1]));
  const number = Buffer.alloc(4);
  const objects = [bytecode, tuple, empty, empty, bytecode, pyString('f'), pyString('n'), none];
  const tables = [bytecode, bytecode];
  return Buffer.concat([Buffer.from([0xe3]), Buffer.alloc(20), ...objects, number, ...tables]);
}

const none = Buffer.from('N');

/** Short ASCII, which has its length in the byte before it. */
function pyString(text: string): Buffer {
  return Buffer.concat([Buffer.from([0xda, text.length]), Buffer.from(text)]);
}

function pyBytes(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xf3, bytes.length, 0, 0, 0]), bytes]);
}

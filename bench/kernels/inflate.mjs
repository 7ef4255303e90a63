/** The inflate kernel beside zlib: every blob of a pack, and every delta that makes one, each by one call. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inflateSync } from 'node:zlib';

const core = fileURLToPath(new URL('../../dist/core.wasm', import.meta.url));
const nativeSource = fileURLToPath(new URL('inflate-objects.c', import.meta.url));
const blob = 3;
const offsetDelta = 6;
const oidDelta = 7;

/**
 * Processor milliseconds, the least of several interleaved runs. `by` says what native is: a C program around
 * zlib, or node:zlib where none can be compiled. Needs dist/core.wasm and the pack's index.
 */
export function benchInflate(packFile, runs = 7) {
  const pack = readFileSync(packFile);
  const objects = findBlobs(pack, packFile.replace(/\.pack$/, '.idx'));
  const folder = mkdtempSync(join(tmpdir(), 'keywarden-inflate-'));
  try {
    const ours = prepareOurs(pack, objects);
    const program = prepareProgram(packFile, objects, folder);
    const native = program ?? (() => timeNodeZlib(pack, objects));
    const times = Array.from({ length: runs }, () => ({ ours: ours(), native: native() }));
    return {
      ours: Math.min(...times.map((time) => time.ours)),
      native: Math.min(...times.map((time) => time.native)),
      by: program ? 'zlib in C' : 'node:zlib',
      objects: objects.length,
      bytes: objects.reduce((sum, { size }) => sum + size, 0),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In the order of the pack: where each zlib stream starts and how long it is inflated. */
function findBlobs(pack, indexFile) {
  const listed = execFileSync('git', ['show-index'], {
    input: readFileSync(indexFile),
    maxBuffer: 1 << 28,
  });
  const offsets = new Map();
  for (const line of listed.toString().trimEnd().split('\n')) {
    const [offset, oid] = line.split(' ');
    offsets.set(oid, Number(offset));
  }
  const entries = new Map();
  for (const offset of offsets.values()) entries.set(offset, readEntry(pack, offset, offsets));
  const typeOf = (entry) => {
    while (entry.base !== undefined) entry = entries.get(entry.base);
    return entry.type;
  };
  const blobs = [...entries.values()].filter((entry) => typeOf(entry) === blob);
  return blobs.sort((a, b) => a.start - b.start);
}

function readEntry(pack, offset, offsets) {
  let at = offset;
  let byte = pack[at++];
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let factor = 16; byte & 128; factor *= 128) {
    byte = pack[at++];
    size += (byte & 127) * factor;
  }
  if (type === oidDelta) {
    const base = offsets.get(pack.toString('hex', at, at + 20));
    return { type, size, base, start: at + 20 };
  }
  if (type !== offsetDelta) return { type, size, start: at };
  byte = pack[at++];
  let distance = byte & 127;
  while (byte & 128) {
    byte = pack[at++];
    distance = (distance + 1) * 128 + (byte & 127);
  }
  return { type, size, base: offset - distance, start: at };
}

function prepareOurs(pack, objects) {
  const page = 65_536;
  const longest = Math.max(...objects.map(({ size }) => size));
  const source = page;
  const target = source + Math.ceil((pack.length + 64) / page) * page;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((target + longest + 64) / page) });
  const module = new WebAssembly.Module(readFileSync(core));
  const { inflate } = new WebAssembly.Instance(module, { env: { memory, abort } }).exports;
  new Uint8Array(memory.buffer).set(pack, source);
  const list = listOf(objects);
  return () => {
    const started = process.cpuUsage();
    for (let i = 0; i < list.length; i += 2) {
      const start = list[i];
      const size = list[i + 1];
      const made = inflate(source + start, source + pack.length, target, target + size);
      if (made !== size) throw new Error(`${made} instead of ${size} bytes at ${start}`);
    }
    return processorMs(started);
  };
}

/** Start and size of each. */
function listOf(objects) {
  return Uint32Array.from(objects.flatMap(({ start, size }) => [start, size]));
}

function abort() {
  throw new Error('the module gave up');
}

/** Undefined where there is no C compiler or no zlib.h. */
function prepareProgram(packFile, objects, folder) {
  const program = join(folder, 'inflate-objects');
  const compiled = spawnSync(process.env.CC ?? 'cc', ['-O2', nativeSource, '-o', program, '-lz']);
  if (compiled.status !== 0) return undefined;
  const list = join(folder, 'list');
  writeFileSync(list, listOf(objects));
  return () => Number(execFileSync(program, [packFile, list]).toString());
}

function timeNodeZlib(pack, objects) {
  const started = process.cpuUsage();
  for (const { start, size } of objects) {
    const made = inflateSync(pack.subarray(start), { chunkSize: Math.max(64, size + 1) });
    if (made.length !== size) throw new Error(`${made.length} instead of ${size} bytes`);
  }
  return processorMs(started);
}

/** Wall time says little on a busy machine. */
function processorMs(started) {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { ours, native, by, objects, bytes } = benchInflate(process.argv[2]);
  const size = (bytes / 1e6).toFixed(1);
  console.log(`${objects} streams, ${size} MB inflated: ${ours.toFixed(0)} ms`);
  console.log(`${by}: ${native.toFixed(0)} ms, ${(native / ours).toFixed(2)} x the time`);
}

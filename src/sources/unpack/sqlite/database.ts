/** A SQLite file as pages. @see https://www.sqlite.org/fileformat2.html (read 2026-11-26) */
import { damaged } from '../archive-error.ts';
import type { RandomAccess } from '../random-access.ts';

export interface Database {
  readonly pageBytes: number;
  /** Without what extensions keep at the end of each. */
  readonly usable: number;
  readonly pages: number;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** Numbers count from 1. */
  page(number: number): Buffer;
  /** Place of a page in the file. */
  placeOf(number: number): number;
  /** False when it was asked before: pages lead nowhere twice. */
  visit(number: number): boolean;
  readonly isVisited: (number: number) => boolean;
}

const encodings = { 1: 'utf-8', 2: 'utf-16le', 3: 'utf-16be' } as const;

export function openDatabase(access: RandomAccess): Database {
  const head = access.read(0, 100);
  const told = head.readUInt16BE(16);
  const pageBytes = told === 1 ? 65_536 : told;
  const usable = pageBytes - head.readUInt8(20);
  const isSize = pageBytes >= 512 && (pageBytes & (pageBytes - 1)) === 0;
  if (!isSize || usable < 480) throw damaged('its pages have no possible size');
  const pages = Math.floor(access.bytes / pageBytes);
  const visited = new Uint8Array(pages + 1);
  const code = head.readUInt32BE(56);
  const isInside = (number: number): boolean => number >= 1 && number <= pages;
  return {
    pageBytes,
    usable,
    pages,
    // A database without tables has none yet.
    encoding: code === 2 || code === 3 ? encodings[code] : encodings[1],
    placeOf: (number) => (number - 1) * pageBytes,
    page(number) {
      if (!isInside(number)) throw damaged('it names a page outside of itself');
      return access.read((number - 1) * pageBytes, pageBytes);
    },
    visit(number) {
      if (!isInside(number)) throw damaged('it names a page outside of itself');
      if (visited[number] === 1) return false;
      visited[number] = 1;
      return true;
    },
    isVisited: (number) => visited[number] === 1,
  };
}

export function varint(bytes: Buffer, from: number): { value: number; end: number } {
  let value = 0;
  for (let at = from; at < from + 9; at += 1) {
    const byte = bytes.readUInt8(at);
    if (at === from + 8) return { value: value * 256 + byte, end: at + 1 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw damaged('a number does not end');
}

/** Which thread does what: all are told of the same pieces of work, and each is done by who claims it first. */

/** By place, the number of the piece that was claimed there last. Shared by the threads. */
export type Claims = Int32Array;

/** `room`: a piece is claimed before one is told of whose number is so much higher. */
export function openClaims(room: number): Claims {
  const claims = new Int32Array(new SharedArrayBuffer(room * Int32Array.BYTES_PER_ELEMENT));
  for (let place = 0; place < room; place += 1) claims[place] = place - room;
  return claims;
}

/** True for the first of all that claim the piece with this number (0, 1, 2, …). */
export function claim(claims: Claims, number: number): boolean {
  const before = number - claims.length;
  return Atomics.compareExchange(claims, number % claims.length, before, number) === before;
}

/** Bits of a buffer, the lowest of each byte first. Behind its end zeros are read; whoever reads sees that too many were. */

export class LowBits {
  readonly #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #bits = 0;

  /** `used`: bits of the first byte that were read before. */
  constructor(bytes: Uint8Array, used: number) {
    this.#bytes = bytes;
    this.peek();
    this.drop(used);
  }

  /** The next 25 bits and more. */
  peek(): number {
    while (this.#bits <= 24) {
      this.#held |= (this.#bytes[this.#at] ?? 0) << this.#bits;
      this.#at += 1;
      this.#bits += 8;
    }
    return this.#held;
  }

  /** Takes bits that were looked at; at most 25. */
  drop(bits: number): void {
    this.#held >>>= bits;
    this.#bits -= bits;
  }

  /** At most 16. */
  take(bits: number): number {
    const found = this.peek() & ((1 << bits) - 1);
    this.drop(bits);
    return found;
  }

  /** Passes over what is left of a byte that was begun. */
  align(): void {
    this.drop(this.#bits & 7);
  }

  /** Bytes begun or used up; beyond the end where there were not so many. */
  usedBytes(): number {
    return this.#at - (this.#bits >> 3);
  }

  /** Of the last byte that was begun; 0 when it was used up. */
  usedBits(): number {
    return (8 - (this.#bits & 7)) & 7;
  }
}

/** Compressed text behind base64, as in releases of Helm. */
import type { Reading } from '../core/detect/decoders/decoder.ts';
import type { Allowance } from './encoded.ts';

const leastBytes = 18;

/** Undefined when it is not compressed. What broke off, or is too long, is read as far as it goes. */
export function openGzip(reading: Reading, left: Allowance): Reading | undefined {
  const { text, from, to } = reading;
  if (text.length < leastBytes || text[0] !== 0x1f || text[1] !== 0x8b || text[2] !== 8) {
    return undefined;
  }
  const inflated = inflate(text, left);
  if (!inflated) return undefined;
  return {
    ...reading,
    steps: [...reading.steps, 'gzip'],
    text: inflated,
    spanOf: () => ({ from, to }),
  };
}

function inflate(text: Buffer, left: Allowance): Buffer | undefined {
  // Loaded for the first such text only: a commit waits for what is loaded at the start.
  const { gunzipSync, constants } = process.getBuiltinModule('node:zlib');
  try {
    const finishFlush = constants.Z_SYNC_FLUSH;
    return gunzipSync(text, { maxOutputLength: Math.max(1, left.bytes), finishFlush });
  } catch (error) {
    if (error instanceof RangeError) left.isSpent = true;
    return undefined;
  }
}

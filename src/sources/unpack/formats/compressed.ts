/** One file packed by itself. It is no member: what comes out stands in the place of what was packed. */
import { bunzip2 } from '../codecs/bzip2.ts';
import { lasting, type Decoder } from '../codecs/decoder.ts';
import { gunzip } from '../codecs/gzip.ts';
import { unlzip } from '../codecs/lzip.ts';
import { unlzma } from '../codecs/lzma-file.ts';
import { uncompress } from '../codecs/lzw.ts';
import { unxz } from '../codecs/xz.ts';
import { zlibStream } from '../codecs/zlib-stream.ts';
import { unzstd } from '../codecs/zstd.ts';
import type { Entry, Job } from '../job.ts';
import type { Budget } from '../limits.ts';
import { readerOf, type Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import { hiddenRest } from './hidden.ts';

const decoders = {
  gzip: gunzip,
  bzip2: bunzip2,
  xz: unxz,
  zstd: unzstd,
  brotli: (reader, budget) => zlibStream('brotli', reader, budget),
  lzma: unlzma,
  lzip: unlzip,
  compress: uncompress,
} as const satisfies Record<string, (reader: Reader, budget: Budget) => Decoder>;

const ending = /\.(?:gz|bz2|xz|zst|br|lzma|lz|z)$|(?<=\.t)(?:gz|bz2?|xz|zst|lz|az)$/i;

export function compressed(kind: keyof typeof decoders) {
  return function* (job: Job, entry: Entry): Steps<void> {
    const { place, reader, depth, layer } = entry;
    const decoder = lasting(decoders[kind](reader, job.budget));
    const unpacked = readerOf(decoder);
    try {
      yield* job.visit({
        place: { ...place, decoded: [...place.decoded, kind] },
        name: entry.name.replace(ending, ''),
        reader: unpacked,
        depth: depth + 1,
        ...(layer ? { layer } : {}),
      });
      // It was told where it was met.
      if (decoder.hasFailed()) return;
      // What an archive inside left; the checksum stands behind it.
      yield* hiddenRest(job, place, unpacked, 'behind its unpacked data');
      yield* hiddenRest(job, place, reader, 'behind its data');
    } finally {
      decoder.release();
    }
  };
}

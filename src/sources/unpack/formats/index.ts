/** The formats that are opened: one line each. A reader leaves trouble to whoever called it. */
import type { Entry, Job } from '../job.ts';
import type { Format } from '../recognise.ts';
import type { Steps } from '../steps.ts';
import { ar } from './ar.ts';
import { asar } from './asar.ts';
import { classFile } from './class-file.ts';
import { compressed } from './compressed.ts';
import { cpio } from './cpio.ts';
import { executable } from './executable.ts';
import { pdf } from './pdf.ts';
import { pyc } from './pyc.ts';
import { rpm } from './rpm.ts';
import { sqlite } from './sqlite.ts';
import { tar } from './tar.ts';
import { zip } from './zip.ts';

export const formats = {
  zip,
  tar,
  ar,
  cpio,
  rpm,
  asar,
  gzip: compressed('gzip'),
  bzip2: compressed('bzip2'),
  xz: compressed('xz'),
  zstd: compressed('zstd'),
  brotli: compressed('brotli'),
  lzma: compressed('lzma'),
  lzip: compressed('lzip'),
  compress: compressed('compress'),
  class: classFile,
  pyc,
  executable,
  sqlite,
  pdf,
} as const satisfies Record<Format, (job: Job, entry: Entry) => Steps<void>>;

/** Loaded before the measured program: leaves its peak memory (kB) in the file that the environment names. */
import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** The kernel's own mark; getrusage would count the memory of the process that started this one. */
function peakKilobytes() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

if (isMainThread) {
  process.on('exit', () => writeFileSync(process.env.KEYWARDEN_BENCH_RSS, String(peakKilobytes())));
}

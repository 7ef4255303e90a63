import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { htmlPageDefines } from './scripts/html-page.mjs';

export default defineConfig({
  define: await htmlPageDefines(),
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build-once.ts'],
    expect: { requireAssertions: true },
    // Most of a suite's time is waiting: for processes, disks and pauses that are agreed. More at once wait less.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['src/worker.ts'] },
  },
});

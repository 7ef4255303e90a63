import { defineConfig } from 'vitest/config';
import { htmlPageDefines } from './scripts/html-page.mjs';

export default defineConfig({
  define: await htmlPageDefines(),
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build-once.ts'],
    expect: { requireAssertions: true },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['src/worker.ts'] },
  },
});

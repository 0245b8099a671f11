import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/harness/build.ts'],
    // Real programs on a busy two-core machine: a deadline is a safety net, never a measurement.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

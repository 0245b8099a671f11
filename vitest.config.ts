import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Node reads the certificates it names at every start, 30 ms each; nothing here needs them.
delete process.env.NODE_EXTRA_CA_CERTS;

const patient = {
  // Real programs on a busy two-core machine: a deadline is a safety net, never a measurement.
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    // Once, for both projects: they do not extend this.
    globalSetup: ['tests/harness/build.ts'],
    // A test of a terminal waits for programs half of its time; twice as many of them keep the cores at work.
    maxWorkers: 2 * availableParallelism(),
    projects: [
      { test: { ...patient, name: 'node', include: ['tests/**/*.test.ts'] } },
      // The tests of the command once more, with its other client.
      {
        test: {
          ...patient,
          name: 'native',
          include: ['tests/cli/**/*.test.ts', 'tests/hosts/**/*.test.ts'],
          env: { PILOTTY_TEST_CLIENT: 'native' },
        },
      },
    ],
  },
});

import { defineConfig } from 'vitest/config'

const packages = [
  'sdk',
  'runtime',
  'node',
  'verifier',
  'cli',
  'script',
  'bench',
  'conformance',
]

// What a test polls for comes; how soon is up to the machine. Vitest's own limit
// is a second, which is one block of a devnet.
const expect = { poll: { timeout: 15_000 } }

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      ...packages.map((name) => ({
        // Nothing here is a test of speed, and the machine may be busy.
        test: {
          name,
          root: name,
          include: ['src/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect,
        },
      })),
      {
        // Beside `src`, since Ponder runs every file in it.
        test: {
          name: 'indexer',
          root: 'indexer',
          include: ['test/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect,
        },
      },
      {
        test: {
          name: 'workspace',
          root: 'test',
          include: ['{architecture,differential,docs,tooling}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect,
        },
      },
      {
        test: {
          name: 'e2e',
          root: 'test',
          include: ['e2e/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          expect,
          hookTimeout: 120_000,
        },
      },
      // Trainings take minutes: `npm run test:training`, no part of `npm test`.
      {
        test: {
          name: 'e2e-training',
          root: 'test',
          include: ['e2e/training/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          expect,
          hookTimeout: 300_000,
        },
      },
      // Takes minutes, most of them for its scenario: `npm run test:indexer`, no part of `npm test`.
      {
        test: {
          name: 'e2e-indexer',
          root: 'test',
          include: ['e2e/indexer/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          expect,
          hookTimeout: 300_000,
        },
      },
      // Three daemons compute within windows of seconds: `npm run test:auditors`.
      {
        test: {
          name: 'e2e-auditors',
          root: 'test',
          include: ['e2e/auditors/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          expect,
          hookTimeout: 300_000,
        },
      },
      // Which request meets which fault is up to time, and windows are seconds: `npm run test:faults`.
      {
        test: {
          name: 'e2e-faults',
          root: 'test',
          include: ['e2e/faults/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          expect,
          hookTimeout: 300_000,
        },
      },
      // Every point at which a daemon may die: `npm run test:kill`.
      {
        test: {
          name: 'e2e-kill',
          root: 'test',
          include: ['e2e/kill/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          expect,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})

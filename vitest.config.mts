import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // TensorFlow's native library holds process-wide state: every test file gets a process of its own.
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'program',
          include: ['test/**/*.test.ts'],
          exclude: ['test/webview/**', 'test/workbench/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          include: ['test/webview/**/*.test.ts'],
          // A browser that draws by software, beside other tests: once more, and a second failure counts.
          retry: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'workbench',
          include: ['test/workbench/**/*.test.ts'],
          globalSetup: 'test/workbench/global-setup.ts',
          // One editor, one browser and one training at a time, when the other tests are done.
          fileParallelism: false,
          // A menu or a key that the editor was too busy to take: once more, and a second failure counts.
          retry: 1,
          sequence: { groupOrder: 1 },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});

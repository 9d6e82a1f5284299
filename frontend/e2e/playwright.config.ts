import { defineConfig } from '@playwright/test';

// Two suites. `fake` runs every screen on the fake bridge from `vite preview`.
// With FERNPOST_DEV only `real` runs: it starts the program named there (built
// with `-tags dev`) on a data folder of its own for every test, and needs a
// display. The two may run side by side.
const real = Boolean(process.env['FERNPOST_DEV']);
const port = Number(process.env['FERNPOST_PREVIEW_PORT'] ?? 4199);
const baseURL = `http://127.0.0.1:${port}`;

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: false,
  workers: 1,
  reporter: [['list']],
  use: {
    launchOptions: {
      executablePath: process.env['FERNPOST_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
  },
  projects: real
    ? [{ name: 'real', testMatch: 'real/*.spec.ts' }]
    : [{ name: 'fake', testMatch: 'fake/*.spec.ts', use: { baseURL } }],
  webServer: real
    ? undefined
    : {
        command: `npx vite preview --host 127.0.0.1 --port ${port} --strictPort`,
        cwd: '..',
        url: baseURL,
        reuseExistingServer: !process.env['CI'],
      },
});

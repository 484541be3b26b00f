import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The count at the end of the check is made from it.
    reporters: ['default', ['json', { outputFile: 'out/test-report.json' }]],
  },
})

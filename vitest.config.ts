import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// Debian's Chromium brings a Vulkan device of software; the tests of the compute shaders run on it where there is no other.
const CHROMIUM = '/usr/lib/chromium'
if (existsSync(`${CHROMIUM}/vk_swiftshader_icd.json`)) {
  process.env['VK_ICD_FILENAMES'] ??= `${CHROMIUM}/vk_swiftshader_icd.json`
  process.env['LD_LIBRARY_PATH'] = [process.env['LD_LIBRARY_PATH'], CHROMIUM].filter(Boolean).join(':')
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Many tests wait for processes of their own.
    maxWorkers: '100%',
    // The count at the end of the check is made from it.
    reporters: ['default', ['json', { outputFile: 'out/test-report.json' }]],
  },
})

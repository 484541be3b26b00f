// One line over the reports of both test runners: "N passed, N failed, N skipped". A report that is not there is a failure.
import { readFileSync } from 'node:fs'

const [unit, window] = process.argv.slice(2).map((path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    console.log(`${path} is missing: its tests did not run to the end.`)
    process.exitCode = 1
    return null
  }
})
const { expected = 0, flaky = 0, unexpected = 0, skipped = 0 } = window?.stats ?? {}
const broken = (window?.errors.length ?? 1) > 0 && unexpected === 0 ? 1 : 0
const passed = (unit?.numPassedTests ?? 0) + expected + flaky
const failed = (unit?.numFailedTests ?? 1) + unexpected + broken
console.log(`${passed} passed, ${failed} failed, ${(unit?.numPendingTests ?? 0) + skipped} skipped`)

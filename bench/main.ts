// Everything that is measured, in one run: npm run bench; a part alone: npm run bench -- window, npm run bench -- gpu. Compare ratios within a run, not numbers between machines.
import { availableParallelism, cpus, totalmem } from 'node:os'
import { benchGpu } from './gpu.ts'
import { benchLargeModel } from './large-model.ts'
import { benchScan, benchSmallModels } from './scan.ts'
import { benchWindow } from './window.ts'

const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${(totalmem() / 1e9).toFixed(0)} GB of memory`
console.log(`${machine}, ${process.platform}, Node ${process.versions.node}\n`)

if (process.argv[2] === 'window') {
  console.log('The window, in Chromium')
  await benchWindow()
  process.exit()
}
if (process.argv[2] === 'gpu') {
  console.log('Compute shaders, by Dawn')
  await benchGpu()
  process.exit()
}

console.log('Kernels, one thread, bytes already in memory (bench/kernels.ts)')
await import('./kernels.ts')

console.log('\nScan of one model of 1.6 GB that lies in the page cache: read, hashed, measured and stored')
await benchScan()

console.log('\nScan of many small models, all threads')
await benchSmallModels()

console.log('\nScan of one large model by the command line')
await benchLargeModel()

console.log('\nThe window, in Chromium')
await benchWindow()

// Everything that is measured, in one run: npm run bench. Compare ratios within a run, not numbers between machines.
import { availableParallelism, cpus, totalmem } from 'node:os'
import { benchLargeModel } from './large-model.ts'
import { benchScan, benchSmallModels } from './scan.ts'

const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${(totalmem() / 1e9).toFixed(0)} GB of memory`
console.log(`${machine}, ${process.platform}, Node ${process.versions.node}\n`)

console.log('Kernels, one thread, bytes already in memory (bench/kernels.ts)')
await import('./kernels.ts')

console.log('\nScan of one model of 1.6 GB that lies in the page cache: read, hashed, measured and stored')
await benchScan()

console.log('\nScan of many small models, all threads')
await benchSmallModels()

console.log('\nScan of one large model by the command line')
await benchLargeModel()

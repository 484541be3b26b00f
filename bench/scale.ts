// How time and memory of a recovery grow with the number of models: npm run bench:scale -- [MODELS...]
// Fingerprints are simulated (31 matrices a model): families of 300 and of 30, a tenth strangers, one model in 50 with names of its own.
// They come from a library as in the application: it takes 0.7 GB of TMPDIR for 1,000 models.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from './temporary.ts'
import { loadKernelModule } from '../src-main/engine/kernel-module.ts'
import { referenceKernels } from '../src-main/fingerprint/kernels/reference.ts'
import { allocateMemory, instantiateKernels } from '../src-main/fingerprint/kernels/wasm.ts'
import { createMeasurer } from '../src-main/fingerprint/measure.ts'
import { pairKey } from '../src-main/heritage/link.ts'
import { recoverInSteps, type RecoveryProgress } from '../src-main/heritage/recover.ts'
import { isRequest } from '../src-main/heritage/steps.ts'
import type { HeritageModel, RecoveredRelation } from '../src-main/heritage/types.ts'
import { contentHash } from '../src-main/library/identity.ts'
import { openLibrary } from '../src-main/library/open.ts'
import type { Library } from '../src-main/library/types.ts'
import { simulateForest, type ForestModel } from '../test/support/simulate-forest.ts'

const LAYERS = 5
const PARTS: readonly RecoveryProgress['part'][] = [
  'alignment',
  'families',
  'derivations',
  'distances',
  'merges',
  'element merges',
  'trees',
]

function familySizes(models: number): number[] {
  const large = Math.min(300, Math.round(0.3 * models))
  const strangers = Math.round(0.1 * models)
  const sizes = Array.from({ length: Math.max(1, Math.round((0.3 * models) / 300)) }, () => large)
  let left = models - strangers - sizes.length * large
  for (; left > 0; left -= 30) sizes.push(Math.min(30, left))
  return [...sizes, ...Array.from({ length: strangers }, () => 1)]
}

/** One model in 50 has names of its own. */
function renamed(tensors: HeritageModel['tensors'], at: number): HeritageModel['tensors'] {
  return at % 50 === 49 ? tensors.map((tensor, slot) => ({ ...tensor, name: `t${at}-${slot}` })) : tensors
}

/** Puts models into a library, and takes them out of memory. */
function keeper(library: Library): (model: HeritageModel) => HeritageModel {
  let count = 0
  return ({ id, tensors }) => {
    const kept = renamed(tensors, count++)
    const facts = { kind: 'model', layout: 'bare', files: [], bytes: 0, measuredAt: '' } as const
    library.save({ location: id, contentHash: contentHash(kept), tensors: kept, ...facts })
    return { id, tensors: library.loadLean(id)!.tensors }
  }
}

/** Processor time, because other work does not change it; what follows a pause counts for the next one. */
function benchOne(count: number): void {
  const module = loadKernelModule()
  const kernels = module ? instantiateKernels(module, allocateMemory(1), 0) : referenceKernels()
  const measurer = createMeasurer(kernels, () => createHash('sha256'))
  const place = temporaryFolder()
  const library = openLibrary(join(place, 'library.db'))
  const plan = { families: familySizes(count), layers: LAYERS, seed: count }
  const forest = simulateForest(plan, measurer, keeper(library))
  const seconds = new Map<string, number>()
  const started = process.cpuUsage()
  let before = 0
  const steps = recoverInSteps(forest)
  let step = steps.next()
  for (; !step.done; step = steps.next()) {
    if (isRequest(step.value)) continue
    const { user, system } = process.cpuUsage(started)
    seconds.set(step.value.part, (seconds.get(step.value.part) ?? 0) + (user + system - before) / 1e6)
    before = user + system
  }
  const { user, system } = process.cpuUsage(started)
  const times = [...PARTS.map((part) => seconds.get(part) ?? 0), (user + system) / 1e6].map((value) => value.toFixed(1))
  library.close()
  const memory = `${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`
  console.log(`| ${[count, ...times, linksFound(forest, step.value.relations), memory].join(' | ')} |`)
}

/** Links that are right, whichever way round, of those there are. */
function linksFound(forest: readonly ForestModel[], relations: readonly RecoveredRelation[]): string {
  const found = new Set(relations.map(({ parent, child }) => pairKey(parent, child)))
  const truth = forest.flatMap(({ parents }, child) => parents.map((parent) => pairKey(parent, child)))
  return `${truth.filter((link) => found.has(link)).length} of ${truth.length}`
}

const [first, ...more] = process.argv.slice(2)
if (first === '--one') benchOne(Number(more[0]))
else {
  const columns = ['models', ...PARTS, 'all', 'links found', 'peak memory']
  console.log('Processor seconds by part\n')
  console.log(`| ${columns.join(' | ')} |\n| ${columns.map(() => '---').join(' | ')} |`)
  for (const count of first === undefined ? ['100', '300', '1000'] : [first, ...more]) {
    // A process each, for its own peak memory.
    const run = [fileURLToPath(import.meta.url), '--one', count]
    process.stdout.write(execFileSync(process.execPath, run, { encoding: 'utf8' }))
  }
}

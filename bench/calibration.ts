// Whether supports mean what they say: npm run bench:calibration -- [FIRST_SEED] [FAMILIES]
// Simulated families with known trees (test/support/forests.ts); the default seeds were used for nothing else.
import { simulateFamily, type SimulatedFamily } from '../test/support/forests.ts'
import { claimsOn, reliability, shareRight, type Claim } from '../test/support/reliability.ts'

const [first = 5000, count = 300] = process.argv.slice(2).map(Number)

function* families(): Generator<SimulatedFamily> {
  for (let seed = first; seed < first + count; seed++) yield simulateFamily(seed)
}

function print(title: string, claims: readonly Claim[]): void {
  const sure = claims.filter(({ support }) => support >= 0.95)
  console.log(`\n${title}: ${claims.length}, of them right ${percent(shareRight(claims))}`)
  console.log('| support | claims | mean support | right |\n| --- | --- | --- | --- |')
  for (const { from, to, claims: inside, meanSupport, right } of reliability(claims)) {
    console.log(`| ${from} to ${to} | ${inside} | ${percent(meanSupport)} | ${percent(right)} |`)
  }
  console.log(`at least .95: ${sure.length}, of them right ${percent(shareRight(sure))}`)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

const { links, directions } = claimsOn(families())
print('Links', links)
print('Directions of right links', directions)

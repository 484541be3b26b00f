// Runs the built command line; builds first when it has to.
import { buildIfStale } from './build-if-stale.mjs'

buildIfStale()
await import('../out/main/cli.js')

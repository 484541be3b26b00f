/** The rules of the house: data goes one way, and the pure layers stay pure. See ARCHITECTURE.md. */
const layer = (name) => `^src-main/${name}/`
const PURE = '^src-main/(formats|fingerprint|heritage|export)/'

/** What each layer of src-main may import besides itself and contract/. */
const MAY_IMPORT = {
  contract: [],
  files: [],
  formats: [],
  fingerprint: ['formats'],
  library: ['files', 'formats', 'fingerprint'],
  heritage: ['fingerprint', 'formats'],
  claims: ['files', 'formats'],
  export: [],
  engine: ['files', 'formats', 'fingerprint', 'library', 'heritage', 'claims', 'export'],
  serve: ['engine'],
  cli: ['engine', 'export', 'library', 'heritage', 'serve'],
  preload: [],
  app: ['engine', 'serve'],
}

const layerRules = Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
  name: `${name}-imports`,
  severity: 'error',
  from: { path: layer(name) },
  to: { path: '^src-main/', pathNot: [name, 'contract', ...allowed].map(layer) },
}))

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'contract-only-valibot',
      comment: 'Both sides import it: it brings nothing along but the checker of parameters.',
      severity: 'error',
      from: { path: layer('contract') },
      to: { path: 'node_modules/', pathNot: 'node_modules/valibot/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'pure-no-node', severity: 'error', from: { path: PURE }, to: { dependencyTypes: ['core'] } },
    {
      name: 'pure-no-host',
      severity: 'error',
      from: { path: PURE },
      to: { path: 'node_modules/(electron|vue|better-sqlite3)/' },
    },
    {
      name: 'electron-only-in-app',
      severity: 'error',
      from: { path: '^src-', pathNot: '^src-main/(app|preload)/' },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'formats-apart',
      comment: 'One format never imports another; what they share lies in formats/ itself.',
      severity: 'error',
      from: { path: '^src-main/formats/([^/]+)/' },
      to: { path: '^src-main/formats/[^/]+/', pathNot: '^src-main/formats/$1/' },
    },
    {
      name: 'renderer-sees-contract',
      comment: 'And export: it is pure, and what it arranges, marks and measures is the same on the screen.',
      severity: 'error',
      from: { path: '^src-renderer/ui/' },
      to: { path: '^src-main/', pathNot: ['contract', 'export'].map(layer) },
    },
    {
      name: 'compute-sees-fingerprint',
      comment: 'It measures the same fingerprint on another device.',
      severity: 'error',
      from: { path: '^src-renderer/compute/' },
      to: {
        path: '^src-(main|renderer)/',
        pathNot: ['^src-renderer/compute/', ...['contract', 'fingerprint', 'formats'].map(layer)],
      },
    },
    {
      name: 'compute-hosted-by-engine',
      severity: 'error',
      from: { path: '^src-', pathNot: '^(src-renderer/compute|src-main/engine/compute)/' },
      to: { path: '^src-renderer/', pathNot: '^src-renderer/ui/' },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'kernels/assembly/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}

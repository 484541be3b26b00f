// Nothing else is imported before the version is known to be enough: the SQLite binding would crash on an older Node.
const OLDEST_NODE = 24

const version = Number(process.versions.node.split('.')[0])
if (version < OLDEST_NODE) {
  process.stderr.write(
    `Heirloom needs Node ${OLDEST_NODE} or newer, and this is Node ${process.versions.node}.\n` +
      'Run it as "npm run -s heirloom -- ARGUMENTS": that uses the Node that comes with it.\n',
  )
  process.exitCode = 1
} else {
  // Whoever reads the output may have seen enough, as "head" has.
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  const { run } = await import('./program.ts')
  process.exitCode = await run(process.argv.slice(2))
}

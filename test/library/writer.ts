// Run as a process of its own: saves models `/NAME/0`, `/NAME/1`, … and prints each number once it is saved.
import { writeSync } from 'node:fs'
import { openLibrary } from '../../src-main/library/open.ts'
import { makeModel } from './models.ts'

const [path = '', name = '', count = '0', tensors = '1'] = process.argv.slice(2)
const library = openLibrary(path, (text) => writeSync(2, `${text}\n`))
for (let index = 0; index < Number(count); index++) {
  library.save(makeModel(`/${name}/${index}`, Number(tensors)))
  writeSync(1, `${index}\n`)
}
library.close()

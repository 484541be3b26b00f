// Draws build/icon.png, from which electron-builder makes the icons of every system, after build/icon.svg was changed.
import { Resvg } from '@resvg/resvg-js'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const file = (name) => fileURLToPath(new URL(`../build/${name}`, import.meta.url))
const picture = new Resvg(readFileSync(file('icon.svg'), 'utf8'), { fitTo: { mode: 'width', value: 1024 } })
writeFileSync(file('icon.png'), picture.render().asPng())

export { clean32, clean64, decode16, decode8, findPatterns, widenI32, widenI64, widenU32, widenU64 } from './decode'
export { measure32, measure64 } from './measure'
export { addRows32, addRows64, foldColumns, groupMaxima, scatterRows32, scatterRows64 } from './sketch'

import { describe } from 'vitest'
import { hasAdapter, openDawn } from './dawn.ts'
import { describeParity } from './parity.ts'

describe.skipIf(!hasAdapter)('Dawn', () => describeParity('Dawn', openDawn))

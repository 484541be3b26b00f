import { describe, expect, test } from 'vitest'
import { nextTick } from 'vue'
import { EngineError } from '../../../src-main/contract/errors.ts'
import { useEvidence } from '../../../src-renderer/ui/inspector/evidence.ts'
import { useSelection } from '../../../src-renderer/ui/stores/selection.ts'
import { useSession } from '../../../src-renderer/ui/stores/session.ts'
import { useView } from '../../../src-renderer/ui/stores/view.ts'
import { aGraph, aModel, aRelation } from '../../support/graphs.ts'
import { settle, startStores } from '../support/app.ts'
import type { ScriptedClient, World } from '../support/scripted-client.ts'
import { aWorld } from '../support/worlds.ts'
import { aPair } from './evidence.ts'

const graph = aGraph(
  [...['oak', 'elm', 'yew'].map((id) => aModel(id)), aModel('ghost-1', { kind: 'ghost' })],
  [aRelation('oak', 'elm'), aRelation('ghost-1', 'oak')],
)

async function start(answers: World['answers'] = {}): Promise<ScriptedClient> {
  const both = {
    'evidence.relation': ({ parent, child }: { parent: string; child: string }) => aPair([], { a: parent, b: child }),
    'models.compare': ({ a, b }: { a: string; b: string }) => aPair([], { a, b }),
  }
  const client = startStores({ ...aWorld(graph), answers: { ...both, ...answers } })
  useEvidence()
  await useSession().start()
  await settle()
  await nextTick()
  await settle()
  return client
}

async function asked(client: ScriptedClient): Promise<unknown[]> {
  await nextTick()
  await settle()
  return client.requests
    .filter(({ kind }) => kind.startsWith('evidence') || kind === 'models.compare')
    .map(({ kind, parameters }) => [kind, parameters])
}

describe('the evidence of what is looked at', () => {
  test('is asked for a selected relation', async () => {
    const client = await start()
    useSelection().select({ kind: 'relation', parent: 'oak', child: 'elm' })
    expect(await asked(client)).toEqual([['evidence.relation', { folder: 'one', parent: 'oak', child: 'elm' }]])
    expect(useEvidence().evidence.value?.b).toBe('elm')
  })

  test('is not asked again when its layers are opened', async () => {
    const client = await start()
    useSelection().select({ kind: 'relation', parent: 'oak', child: 'elm' })
    await asked(client)
    useView().open({ kind: 'layers', a: 'oak', b: 'elm' })
    expect(await asked(client)).toHaveLength(1)
  })

  test('of two models that are a relation has the parent first, whichever was selected first', async () => {
    const client = await start()
    useSelection().selectModels(['elm', 'oak'])
    expect(await asked(client)).toEqual([['evidence.relation', { folder: 'one', parent: 'oak', child: 'elm' }]])
  })

  test('of any two models is a comparison', async () => {
    const client = await start()
    useSelection().selectModels(['elm', 'yew'])
    expect(await asked(client)).toEqual([['models.compare', { folder: 'one', a: 'elm', b: 'yew' }]])
  })

  test('is never asked of a ghost, which is in no file', async () => {
    const client = await start()
    useSelection().select({ kind: 'relation', parent: 'ghost-1', child: 'oak' })
    expect(await asked(client)).toEqual([])
    expect(useEvidence().comparable).toBe(false)
    expect(useEvidence().evidence.state).toBe('none')
  })

  test('of what was selected before does not come late', async () => {
    const client = await start()
    useSelection().select({ kind: 'relation', parent: 'oak', child: 'elm' })
    await nextTick()
    useSelection().selectModels(['elm', 'yew'])
    expect(await asked(client)).toHaveLength(2)
    expect(useEvidence().evidence.value?.b).toBe('yew')
  })

  test('says why it is not there, and can be asked for again', async () => {
    let fails = true
    const client = await start({
      'models.compare': ({ a, b }) => {
        if (fails) throw new EngineError('models-not-comparable', 'They have no tensor in common.')
        return aPair([], { a, b })
      },
    })
    const evidence = useEvidence()
    useSelection().selectModels(['elm', 'yew'])
    await asked(client)
    expect(evidence.evidence).toMatchObject({ state: 'failed', failure: { code: 'models-not-comparable' } })
    fails = false
    evidence.askAgain()
    await asked(client)
    expect(evidence.evidence.state).toBe('ready')
  })

  test('of a tensor is asked once a cell of the pair is chosen', async () => {
    const client = await start({ 'evidence.tensor': () => ({}) as never })
    useView().open({ kind: 'layers', a: 'oak', b: 'elm' })
    await asked(client)
    useSelection().select({ kind: 'cell', a: 'oak', b: 'elm', tensor: 'layers.1.q' })
    expect((await asked(client)).at(-1)).toEqual([
      'evidence.tensor',
      { folder: 'one', a: 'oak', b: 'elm', tensor: 'layers.1.q' },
    ])
  })
})

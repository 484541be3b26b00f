import fc from 'fast-check'
import { DirectedGraph, MultiGraph } from 'graphology'
import { parse } from 'graphology-graphml'
import { describe, expect, it } from 'vitest'
import { renderGraphml } from '../../src-main/export/graphml.ts'
import { aGraph, aModel, aRelation, exampleGraph } from '../support/graphs.ts'

// What XML 1.0 can hold; anything else is replaced.
const HELD_BY_XML = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u
const anyName = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })

describe('GraphML', () => {
  it('keeps every node, edge and attribute in a second parser', () => {
    const graph = exampleGraph()
    const parsed = parse(DirectedGraph, renderGraphml(graph))
    const nodes = parsed.mapNodes((_, { label: _label, model, ...rest }) => ({
      id: model as string,
      family: null,
      ...rest,
    }))
    expect(nodes).toEqual(graph.models)
    const edges = parsed.mapEdges((_, { label: _label, ...rest }, source, target) => ({
      parent: parsed.getNodeAttribute(source, 'model') as string,
      child: parsed.getNodeAttribute(target, 'model') as string,
      ...{ directionSupport: null, weight: null, rank: null },
      ...rest,
    }))
    expect(edges).toEqual(graph.relations)
  })

  it('holds any string as a name', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const xml = renderGraphml(aGraph([aModel(name)]))
        const read = parse(DirectedGraph, xml).getNodeAttribute('n0', 'model') as string
        if (HELD_BY_XML.test(name)) expect(read).toBe(name)
        else expect(read).toHaveLength(name.toWellFormed().length)
        expect(xml).toMatch(HELD_BY_XML)
      }),
    )
  })

  it('shows characters that XML forbids as pictures', () => {
    const xml = renderGraphml(aGraph([aModel('a\u0000b\u001bc\ufffed\ud800e')]))
    expect(xml).toContain('a\u2400b\u241bc\ufffdd\ufffde')
  })

  it('is undirected where no direction is known', () => {
    const models = [aModel('a', { family: 'family-1' }), aModel('b', { family: 'family-1' })]
    const xml = renderGraphml(aGraph(models, [aRelation('a', 'b', { directed: false })]))
    expect(parse(MultiGraph, xml).undirectedSize).toBe(1)
  })

  it('never mixes directed and undirected edges, which NetworkX refuses', () => {
    expect(renderGraphml(exampleGraph())).not.toMatch(/<edge [^>]*directed=/)
    expect(renderGraphml(exampleGraph())).toContain('<data key="edge_directed">false</data>')
  })

  it('declares each key it uses, once', () => {
    const xml = renderGraphml(exampleGraph())
    const declared = [...xml.matchAll(/<key id="(\w+)" for="(?:node|edge)" attr\.name="\w+" attr\.type="\w+"\/>/g)]
    const used = new Set([...xml.matchAll(/<data key="(\w+)">/g)].map(([, key]) => key))
    const keys = declared.map(([, key]) => key)
    expect(new Set(keys).size).toBe(keys.length)
    expect([...used].filter((key) => !keys.includes(key))).toEqual([])
  })
})

import type { Page } from '@playwright/test'
import { Resvg } from '@resvg/resvg-js'
import { MultiGraph } from 'graphology'
import { parse } from 'graphology-graphml'
import fs from 'node:fs'
import { join } from 'node:path'
import type { Graph } from '../../../src-main/contract/graph.ts'
import { OUT } from './look.ts'
import { expect } from './test.ts'

/** Saves the forest as a picture: a PNG of the size that was announced, with more than the ground on it. */
export async function checkPicture(page: Page): Promise<void> {
  await chooseExport(page, 'Picture (PNG)…')
  const dialog = page.getByRole('dialog', { name: 'Save as a picture' })
  const announced = /(\d+) × (\d+) pixels/
    .exec(await dialog.innerText())
    ?.slice(1)
    .map(Number)
  const png = await saved(page, () => dialog.getByRole('button', { name: 'Save' }).click())
  const picture = await decode(page, png)
  expect([picture.width, picture.height]).toEqual(announced)
  expect(picture.colours).toBeGreaterThan(20)
  expect(picture.ground).toBeLessThan(0.995)
}

/** Saves the plots of a tensor, as pixels and as SVG that needs no style sheet of the page. */
export async function checkPlots(page: Page): Promise<void> {
  const save = async (item: string): Promise<Buffer> => {
    await page.getByRole('button', { name: 'Save plot' }).click()
    return saved(page, () => page.getByRole('menuitem', { name: item }).click())
  }
  const png = await save('Picture (PNG)')
  fs.writeFileSync(join(OUT, 'plots.png'), png)
  const picture = await decode(page, png)
  expect(picture.colours).toBeGreaterThan(20)
  expect(picture.ground).toBeLessThan(0.98)
  const svg = (await save('Picture (SVG)')).toString()
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!
  expect([picture.width, picture.height]).toEqual([3 * Number(width), 3 * Number(height)])
  expect(svg).not.toMatch(/var\(|oklab|class=|style=/)
  expect(() => new Resvg(svg, { font: { loadSystemFonts: false } })).not.toThrow()
  expect(svg.match(/<svg/g)).toHaveLength(3)
}

/** Saves the forest as GraphML and reads it with another parser: the models are its nodes, the relations its edges. */
export async function checkGraphml(page: Page, { models, relations }: Graph): Promise<void> {
  const text = await saved(page, () => chooseExport(page, 'GraphML'))
  const graph = parse(MultiGraph, text.toString())
  const id = (node: string): string => String(graph.getNodeAttribute(node, 'model'))
  expect(graph.nodes().map(id).toSorted()).toEqual(models.map(({ id }) => id).toSorted())
  const edges = graph.mapEdges((_, __, source, target) => `${id(source)} → ${id(target)}`)
  expect(edges.toSorted()).toEqual(relations.map(({ parent, child }) => `${parent} → ${child}`).toSorted())
}

async function chooseExport(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

async function saved(page: Page, save: () => Promise<void>): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), save()])
  return fs.readFileSync(await file.path())
}

/** By the browser: the size, how many colours there are, and the share of the most frequent one. */
function decode(page: Page, png: Buffer) {
  return page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))]))
    const { width, height } = bitmap
    const context = new OffscreenCanvas(width, height).getContext('2d')!
    context.drawImage(bitmap, 0, 0)
    const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
    const counts = new Map<number, number>()
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
    return { width, height, colours: counts.size, ground: Math.max(...counts.values()) / pixels.length }
  }, png.toString('base64'))
}

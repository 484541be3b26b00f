import fs from 'node:fs'
import type { Graph } from '../../src-main/contract/graph.ts'
import golden from '../golden/sample-family.json' with { type: 'json' }
import { look } from './support/look.ts'
import { checkGraphml, checkPicture, checkPlots } from './support/files.ts'
import { copySample } from './support/sample.ts'
import { expect, test } from './support/test.ts'
import { windowOf } from './support/window.ts'

const SAMPLE_GRAPH = golden as Graph

test('the sample family, from the empty window to a tensor and back', async ({ page, place }) => {
  const folder = copySample(place)
  const { find, inspector, layers, open, pointAt, row, status, tensor, tree } = windowOf(page)
  await page.goto(await place.serve())

  await test.step('nothing is open', async () => {
    await expect(page.getByRole('heading', { name: 'Drop a folder of models here' })).toBeVisible()
    await look(page, 'first-run')
  })

  await test.step('open a folder', async () => {
    await page.getByRole('button', { name: /^Open a folder/ }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await look(page, 'browse')
    await open('models')
    await expect(status).toContainText('13 models')
    await expect(status).toContainText('2 families')
    await expect(tree.getByRole('treeitem')).not.toHaveCount(0)
    await look(page, 'forest')
  })

  await test.step('find a model', async () => {
    await find('hazel')
    await expect(inspector).toContainText('Comes from')
    await expect(status).toContainText('1 of 13 shown')
    await look(page, 'model')
    await page.getByRole('button', { name: 'Clear the search' }).click()
  })

  await test.step('focus a subtree', async () => {
    await pointAt('elm')
    await page.mouse.down({ button: 'right' })
    await page.mouse.up({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Show only what descends from it' }).click()
    await expect(page.getByText('What descends from elm')).toBeVisible()
    await expect(tree.getByRole('treeitem')).toHaveCount(5)
    await look(page, 'focus')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(tree.getByRole('treeitem', { name: /^willow/ })).toBeAttached()
  })

  await test.step('a relation and its layers', async () => {
    await row('hazel').click()
    await inspector.getByRole('button', { name: 'cast' }).click()
    await expect(inspector).toContainText('Cast to F16 from')
    await row('birch').click()
    await inspector.getByRole('button', { name: 'fine-tune' }).first().click()
    await expect(inspector).toContainText('Fine-tuned from elm')
    await look(page, 'relation')
    await inspector.getByRole('button', { name: 'Open layers' }).click()
    await expect(tensor.getByRole('button', { name: 'Copy numbers' })).toBeVisible()
    await look(page, 'layers')
    await checkPlots(page)
  })

  await test.step('a tensor', async () => {
    const before = await tensor.getByRole('heading', { level: 2 }).textContent()
    await layers.getByRole('gridcell', { selected: true }).press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(tensor.getByRole('heading', { level: 2 })).not.toHaveText(before!)
    await expect(tensor).toContainText('Standard deviation')
    await page.keyboard.press('2')
    await expect(page.getByRole('button', { name: 'Kurtosis' })).toHaveAttribute('aria-pressed', 'true')
    await look(page, 'tensor')
    await page.keyboard.press('Escape')
    await expect(tree).toBeAttached()
  })

  await test.step('compare two models', async () => {
    await row('alder').click()
    await row('willow').click({ modifiers: ['Control'] })
    await expect(inspector).toContainText('2 models')
    await expect(inspector).toContainText('Cosine of weights')
    await look(page, 'two-models')
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByRole('menuitem', { name: 'alder and willow, layer by layer' }).click()
    await expect(tensor).toBeVisible()
    await look(page, 'compare')
    await page.getByRole('button', { name: 'Back to the forest' }).click()
  })

  await test.step('what the files claim', async () => {
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByRole('menuitem', { name: 'Declared against recovered' }).click()
    await expect(page.getByRole('main', { name: 'Declared against recovered' })).toBeVisible()
    await look(page, 'claims')
    await page.keyboard.press('Escape')
  })

  await test.step('save a picture and the graph', async () => {
    await checkPicture(page)
    await checkGraphml(page, SAMPLE_GRAPH)
  })

  await test.step('the folder goes away', async () => {
    await place.stop()
    fs.renameSync(folder, `${folder}-away`)
    await page.goto(await place.serve())
    await expect(page.getByText(/models is not there. It is shown as it was last seen/)).toBeVisible()
    await expect(status).toContainText('13 models')
    await row('birch').click()
    await inspector.getByRole('button', { name: 'fine-tune' }).first().click()
    await inspector.getByRole('button', { name: 'Open layers' }).click()
    await expect(tensor).toContainText('Standard deviation')
    await page.keyboard.press('Escape')
    await look(page, 'offline')
  })
})

import fs from 'node:fs'
import { randomGraph } from '../support/graphs.ts'
import { checkGraphml, checkPicture } from './support/files.ts'
import { keepForest, writeModels } from './support/forests.ts'
import { look } from './support/look.ts'
import { expect, test } from './support/test.ts'
import { windowOf } from './support/window.ts'

const GRAPH = randomGraph(1000, 20, 7)

/** A model with a parent and with children. */
const MIDDLE = GRAPH.relations.find(({ child, type }) => {
  const children = GRAPH.relations.filter(({ parent }) => parent === child)
  return children.length >= 2 && type === 'fine-tune'
})!

test('a scan of 1,000 models: watched, paused, cancelled and gone on with', async ({ page, place }) => {
  writeModels(place.folder('checkpoints'), GRAPH)
  const { models, open, scan, status } = windowOf(page)
  await page.goto(await place.serve())
  await page.getByRole('button', { name: /^Open a folder/ }).click()
  await open('checkpoints')

  await expect(scan).toContainText(/of 1.?000 files/)
  await expect(scan.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow', '0')
  await scan.getByRole('button', { name: 'Pause' }).click()
  await expect(scan.getByRole('button', { name: 'Resume' })).toBeVisible()
  const read = await readSoFar()
  expect(read).toBeGreaterThan(0)
  expect(read).toBeLessThan(1000)
  await look(page, 'scan-paused')

  await scan.getByRole('button', { name: 'Resume' }).click()
  await expect.poll(readSoFar).toBeGreaterThan(read)
  await page.screenshot({ path: 'out/e2e/scan-light.png' })
  await scan.getByRole('button', { name: 'Cancel' }).click()
  await scan.getByRole('button', { name: 'Go on reading' }).click()

  // What was read is not read again.
  await expect.poll(toRead).toBeLessThan(1000 - read + 1)
  await scan.getByRole('button', { name: 'Cancel' }).click()
  await expect(scan.getByRole('button', { name: 'Go on reading' })).toBeVisible()
  await expect(models.getByRole('option')).not.toHaveCount(0)
  await expect(status).toContainText('models')

  async function readSoFar(): Promise<number> {
    return Number(/^\D*?([\d\u2009\u202f\u00a0, ]+) of/m.exec(await scan.innerText())?.[1]?.replace(/\D/g, '') ?? 0)
  }
  async function toRead(): Promise<number> {
    return Number(/of ([\d\u2009\u202f\u00a0, ]+) files/.exec(await scan.innerText())?.[1]?.replace(/\D/g, '') ?? 1000)
  }
})

test('1,000 models in 20 families: find, focus, relation, tensor, compare, export, offline', async ({
  page,
  place,
}) => {
  const folder = await keepForest(place, GRAPH)
  const { find, inspector, models, pointAt, row, search, status, tensor, tree } = windowOf(page)
  await page.goto(await place.serve())

  await test.step('the forest', async () => {
    await expect(status).toContainText(/1.?000 models/)
    await expect(status).toContainText('20 families')
    await look(page, 'thousand')
    for (const name of ['Steps', 'Top down', 'Radial']) {
      await page.getByRole('button', { name, exact: true }).click()
      await page.getByRole('button', { name: /^All of it/ }).click()
      await look(page, `thousand-${name.toLowerCase().replace(' ', '-')}`)
    }
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByRole('button', { name: 'Colour: Family' }).click()
    await page.getByRole('menuitemradio', { name: 'Support' }).click()
    await look(page, 'thousand-by-support')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('button', { name: 'Colour: Family' })).toBeVisible()
  })

  await test.step('find and focus', async () => {
    await find(MIDDLE.child)
    await expect(inspector).toContainText('Gave rise to')
    await pointAt(MIDDLE.child)
    await page.mouse.down({ button: 'right' })
    await page.mouse.up({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Show only what descends from it' }).click()
    await expect(page.getByText(`What descends from ${MIDDLE.child}`)).toBeVisible()
    await look(page, 'thousand-focus')
    await page.getByRole('button', { name: 'Show all' }).click()
    await expect(tree.getByRole('treeitem')).not.toHaveCount(0)
  })

  await test.step('relation and tensor', async () => {
    await page.getByRole('button', { name: 'Clear the search' }).click()
    await find(MIDDLE.child)
    await models.press('Enter')
    await expect(inspector).toContainText('Fine-tuned from')
    await inspector.getByRole('button', { name: 'Open layers' }).click()
    await expect(tensor).toContainText('Standard deviation')
    await page.keyboard.press('Escape')
  })

  await test.step('compare', async () => {
    const other = GRAPH.models.find(({ family }) => family === null)!.id
    await search.fill('')
    await find(MIDDLE.child)
    await search.fill(other)
    await row(other).click({ modifiers: ['Control'] })
    await expect(inspector).toContainText('2 models')
    await expect(inspector).toContainText('Cosine of weights')
    await search.fill('')
  })

  await test.step('export', async () => {
    await checkPicture(page)
    await checkGraphml(page, GRAPH)
  })

  await test.step('without its folder', async () => {
    await place.stop()
    fs.renameSync(folder, `${folder}-away`)
    await page.goto(await place.serve())
    await expect(page.getByText(/is not there. It is shown as it was last seen/)).toBeVisible()
    await expect(status).toContainText(/1.?000 models/)
    await find(MIDDLE.child)
    await look(page, 'thousand-offline')
  })
})

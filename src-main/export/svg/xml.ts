import { escapeXml } from '../../contract/characters.ts'

/** An element with its attributes in the order given; null ones are left out. Content is markup already. */
export function element(name: string, attributes: Record<string, string | number | null>, content = ''): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : ` ${key}="${escapeXml(typeof value === 'number' ? short(value) : value)}"`,
  )
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`
}

/** At most two decimals, which is a hundredth of a pixel. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100)
}

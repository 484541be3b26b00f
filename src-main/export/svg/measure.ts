/** Width of a text in px at a size in px and a weight (400 or 600). */
export type Measure = (text: string, size: number, weight: number) => number

// Advance widths of DejaVu Sans 2.37 for U+0020 to U+007E, in 1/2048 of the size.
const UNITS_PER_EM = 2048
// prettier-ignore
const REGULAR = [
  651, 821, 942, 1716, 1303, 1946, 1597, 563, 799, 799, 1024, 1716, 651, 739, 651, 690, 1303, 1303, 1303,
  1303, 1303, 1303, 1303, 1303, 1303, 1303, 690, 690, 1716, 1716, 1716, 1087, 2048, 1401, 1405, 1430, 1577, 1294,
  1178, 1587, 1540, 604, 604, 1343, 1141, 1767, 1532, 1612, 1235, 1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403,
  1251, 1403, 799, 690, 799, 1716, 1024, 1024, 1255, 1300, 1126, 1300, 1260, 721, 1300, 1298, 569, 569, 1186,
  569, 1995, 1298, 1253, 1300, 1300, 842, 1067, 803, 1298, 1212, 1675, 1212, 1212, 1075, 1303, 690, 1303, 1716,
]
// prettier-ignore
const BOLD = [
  713, 934, 1067, 1716, 1425, 2052, 1786, 627, 936, 936, 1071, 1716, 778, 850, 778, 748, 1425, 1425, 1425,
  1425, 1425, 1425, 1425, 1425, 1425, 1425, 819, 819, 1716, 1716, 1716, 1188, 2048, 1585, 1561, 1503, 1700, 1399,
  1399, 1681, 1714, 762, 762, 1587, 1305, 2038, 1714, 1741, 1501, 1741, 1577, 1475, 1397, 1663, 1585, 2259, 1579,
  1483, 1485, 936, 748, 936, 1716, 1024, 1024, 1382, 1466, 1214, 1466, 1389, 891, 1466, 1458, 702, 702, 1362,
  702, 2134, 1458, 1407, 1466, 1466, 1010, 1219, 979, 1458, 1335, 1892, 1321, 1335, 1192, 1458, 748, 1458, 1716,
]
// Others: the ellipsis fills an em, and so do wide characters of East Asia and emoji; the mean of Latin, Greek and
// Cyrillic letters lies near 0.7.
const WIDE = /[\u2026\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\u{1f000}-\u{3fffd}]/u
const COMBINING = /[\p{Mn}\p{Me}\u200c\u200d\ufe0f]/u
const OTHER = 0.7

/** Measures as DejaVu Sans is set: exact for ASCII, near enough for the rest to keep labels apart. */
export const measureDejaVu: Measure = (text, size, weight) => {
  const table = weight >= 600 ? BOLD : REGULAR
  let width = 0
  for (const character of text) {
    const advance = table[(character.codePointAt(0) ?? 0) - 0x20]
    if (advance !== undefined) width += advance / UNITS_PER_EM
    else if (character === '\u00a0') width += (table[0] ?? 0) / UNITS_PER_EM
    else if (!COMBINING.test(character)) width += WIDE.test(character) ? 1 : OTHER
  }
  return width * size
}

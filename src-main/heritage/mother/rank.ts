/** Machine epsilon of float32, in which frameworks hold weights and take ranks. */
const EPSILON = 2 ** -23

/**
 * Numerical rank of x − y: the steps of a Gram-Schmidt orthogonalisation with pivoting until what is left of every row
 * is below max(rows, columns) · ε times the longest row (Golub & Van Loan, Matrix Computations, 5.4.2 and 5.5.8). Ends
 * after as many steps as the rank, so that low ranks are cheap.
 */
export function differenceRank(x: Float64Array, y: Float64Array, rows: number, columns: number): number {
  const left = Array.from({ length: rows }, (_, row) =>
    Float64Array.from({ length: columns }, (_, column) => x[row * columns + column]! - y[row * columns + column]!),
  )
  let floor = 0
  for (let rank = 0; rank < Math.min(rows, columns); rank++) {
    const { row, norm } = longest(left)
    if (rank === 0) floor = norm * Math.max(rows, columns) * EPSILON
    if (!(norm > floor)) return rank
    const direction = left[row]!.map((value) => value / norm)
    left[row]!.fill(0)
    for (const vector of left) removeFrom(vector, direction)
  }
  return Math.min(rows, columns)
}

function longest(vectors: readonly Float64Array[]): { row: number; norm: number } {
  let row = 0
  let best = -1
  vectors.forEach((vector, index) => {
    const square = dot(vector, vector)
    if (!(square > best)) return
    row = index
    best = square
  })
  return { row, norm: Math.sqrt(Math.max(best, 0)) }
}

function removeFrom(vector: Float64Array, direction: Float64Array): void {
  const share = dot(vector, direction)
  if (share === 0) return
  for (let i = 0; i < vector.length; i++) vector[i]! -= share * direction[i]!
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

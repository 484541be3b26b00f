// Inner products or squared distances of all rows of one block with all of another. A workgroup measures a tile of pairs, a thread
// 4 × 4 of them, EDGE apart. DEPTH quads of each row lie in the workgroup's memory at once: as loads and sums go, each thread loads one
// quad of either list. Rows are padded with zeros to a multiple of that.

struct Sizes { rows: u32, others: u32, quads: u32, sameBlock: u32 }

@group(0) @binding(0) var<storage, read> rows: array<vec4f>;
@group(0) @binding(1) var<storage, read> others: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> values: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

/** Squared distances as sums of squared differences: from products, those of near relatives would cancel. */
override DISTANCES: bool;

const EDGE = TILE / 4u;
/**
 * Sums of 16 elements that make a run. Runs are added with what rounding loses of them (Knuth, The Art of Computer Programming 2,
 * 4.2.2), so that a sum of squares is at most 13 half units in the last place away, 8e-7, however long it is. A compiler that
 * reorders sums would take the low part for 0, and leave what a plain sum of the runs gives.
 */
const RUN = 4u;

var<workgroup> rowTile: array<vec4f, DEPTH * TILE>;
var<workgroup> otherTile: array<vec4f, DEPTH * TILE>;

@compute @workgroup_size(EDGE, EDGE)
fn main(
  @builtin(workgroup_id) tile: vec3u,
  @builtin(local_invocation_id) at: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  // Below the diagonal of a list with itself.
  if (sizes.sameBlock == 1u && tile.y > tile.x) { return; }
  let loadedRow = tile.y * TILE + thread / DEPTH;
  let loadedOther = tile.x * TILE + thread / DEPTH;
  let loadedQuad = thread % DEPTH;
  let place = loadedQuad * TILE + thread / DEPTH;
  var high = mat4x4f();
  var low = mat4x4f();
  var run = mat4x4f();
  for (var first = 0u; first < sizes.quads; first += DEPTH) {
    var row = vec4f();
    var other = vec4f();
    if (loadedRow < sizes.rows) { row = rows[loadedRow * sizes.quads + first + loadedQuad]; }
    if (loadedOther < sizes.others) { other = others[loadedOther * sizes.quads + first + loadedQuad]; }
    rowTile[place] = row;
    otherTile[place] = other;
    workgroupBarrier();
    var sum = mat4x4f();
    for (var quad = 0u; quad < DEPTH * TILE; quad += TILE) {
      let y = mat4x4f(
        otherTile[quad + at.x],
        otherTile[quad + at.x + EDGE],
        otherTile[quad + at.x + 2u * EDGE],
        otherTile[quad + at.x + 3u * EDGE],
      );
      sum += mat4x4f(
        measure(rowTile[quad + at.y], y),
        measure(rowTile[quad + at.y + EDGE], y),
        measure(rowTile[quad + at.y + 2u * EDGE], y),
        measure(rowTile[quad + at.y + 3u * EDGE], y),
      );
    }
    run += sum;
    if ((first / DEPTH) % RUN == RUN - 1u || first + DEPTH == sizes.quads) {
      let longer = high + run;
      let added = longer - high;
      low += (high - (longer - added)) + (run - added);
      high = longer;
      run = mat4x4f();
    }
    workgroupBarrier();
  }
  let total = high + low;
  for (var i = 0u; i < 4u; i++) {
    let row = tile.y * TILE + at.y + i * EDGE;
    for (var j = 0u; j < 4u; j++) {
      let other = tile.x * TILE + at.x + j * EDGE;
      if (row < sizes.rows && other < sizes.others) { values[row * sizes.others + other] = total[i][j]; }
    }
  }
}

/** What four elements of a row and of four others add to their sums. */
fn measure(x: vec4f, y: mat4x4f) -> vec4f {
  if (!DISTANCES) { return x * y; }
  let a = x - y[0];
  let b = x - y[1];
  let c = x - y[2];
  let d = x - y[3];
  return vec4f(dot(a, a), dot(b, b), dot(c, c), dot(d, d));
}

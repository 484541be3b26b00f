// Sums of powers of (x - shift) and of |x| over the finite elements of a tile, scaled by the largest magnitude.

@group(0) @binding(4) var<storage, read_write> results: array<u32>;

var<workgroup> powers: array<vec4f, THREADS>;
var<workgroup> sizes: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = pieceOf(workgroup.x);
  let piece = pieces[index];
  let tile = workgroup.x - firstWorkgroup(index);
  let start = tile * TILE + thread;
  let end = min(start + TILE, piece.count);
  let scale = scaleOf(results[piece.extremes + 3u]);
  let shift = scaled(piece.shift, scale);
  var sums = vec4f();
  var size = 0.0;
  for (var at = start; at < end; at += THREADS) {
    let bits = bitsOf(piece, at);
    if (!isFinite(bits)) { continue; }
    let x = scaled(bits, scale);
    let d = x - shift;
    let square = d * d;
    sums += vec4f(d, square, square * d, square * square);
    size += abs(x);
  }
  powers[thread] = sums;
  sizes[thread] = size;
  // Pairwise, so that rounding grows with the logarithm of their number.
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      powers[thread] += powers[thread + half];
      sizes[thread] += sizes[thread + half];
    }
  }
  if (thread == 0u) {
    let found = piece.moments + tile * MOMENT_SUMS;
    let total = powers[0];
    results[found] = bitcast<u32>(total.x);
    results[found + 1u] = bitcast<u32>(total.y);
    results[found + 2u] = bitcast<u32>(total.z);
    results[found + 3u] = bitcast<u32>(total.w);
    results[found + 4u] = bitcast<u32>(sizes[0]);
  }
}

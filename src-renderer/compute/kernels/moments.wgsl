// Sums of powers of (x - shift) and of |x| over the finite elements of a tile, scaled by the largest magnitude.

@group(0) @binding(4) var<storage, read_write> results: array<u32>;

var<workgroup> sums: array<array<Double, MOMENT_SUMS>, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = pieceOf(workgroup.x);
  let piece = pieces[index];
  let tile = workgroup.x - firstWorkgroup(index);
  let start = tile * TILE + thread;
  let end = min(start + TILE, piece.count);
  let scale = scaleOf(results[piece.extremes + 3u]);
  let shift = Double(-scaled(piece.shift, scale), 0.0);
  var first = Double();
  var second = Double();
  var third = Double();
  var fourth = Double();
  var size = Double();
  for (var at = start; at < end; at += THREADS) {
    let bits = bitsOf(piece, at);
    if (!isFinite(bits)) { continue; }
    let x = scaled(bits, scale);
    let d = plus(Double(x, 0.0), shift);
    let square = times(d, d);
    first = plus(first, d);
    second = plus(second, square);
    third = plus(third, times(square, d));
    fourth = plus(fourth, times(square, square));
    size = plus(size, Double(abs(x), 0.0));
  }
  sums[thread] = array(first, second, third, fourth, size);
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      for (var i = 0u; i < MOMENT_SUMS; i++) { sums[thread][i] = plus(sums[thread][i], sums[thread + half][i]); }
    }
  }
  workgroupBarrier();
  if (thread < MOMENT_SUMS) {
    let found = piece.moments + 2u * (tile * MOMENT_SUMS + thread);
    results[found] = bitcast<u32>(sums[0][thread].high);
    results[found + 1u] = bitcast<u32>(sums[0][thread].low);
  }
}

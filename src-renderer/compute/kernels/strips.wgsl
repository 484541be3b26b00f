// First half of the sketch: the rows of a strip, which all go to one bucket, are added with their signs, column by column.

@group(0) @binding(3) var<storage, read_write> scratch: array<Double>;
@group(0) @binding(4) var<storage, read_write> results: array<u32>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = pieceOf(workgroup.x);
  let piece = pieces[index];
  let place = (workgroup.x - firstWorkgroup(index)) * THREADS + thread;
  if (place >= piece.strips * piece.columns) { return; }
  let strip = place / piece.columns;
  let column = place % piece.columns;
  let scale = scaleOf(results[piece.extremes + 3u]);
  let end = lists[piece.stripStarts + strip + 1u];
  var sum = Double();
  for (var i = lists[piece.stripStarts + strip]; i < end; i++) {
    // The row and, in the lowest bit, its sign.
    let entry = lists[piece.stripRows + i];
    let bits = bitsOf(piece, (entry >> 1u) * piece.columns + column);
    if (isFinite(bits)) { sum = plus(sum, Double(scaled(bits ^ (entry << 31u), scale), 0.0)); }
  }
  scratch[piece.scratch + place] = sum;
}

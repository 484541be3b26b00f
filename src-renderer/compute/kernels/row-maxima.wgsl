// The largest magnitude, as bits, of each row that holds a sampled element.

@group(0) @binding(4) var<storage, read_write> results: array<atomic<u32>>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = pieceOf(workgroup.x);
  let piece = pieces[index];
  let segments = (piece.columns + SEGMENT - 1u) / SEGMENT;
  let place = (workgroup.x - firstWorkgroup(index)) * THREADS + thread;
  if (place >= piece.sampledRows * segments) { return; }
  let sampled = place / segments;
  let row = lists[piece.sampledRowList + sampled] * piece.columns;
  let start = (place % segments) * SEGMENT;
  let end = min(start + SEGMENT, piece.columns);
  var largest = 0u;
  for (var column = start; column < end; column++) {
    let bits = bitsOf(piece, row + column);
    if (isFinite(bits)) { largest = max(largest, bits & MAGNITUDE); }
  }
  atomicMax(&results[piece.rowMaxima + sampled], largest);
}

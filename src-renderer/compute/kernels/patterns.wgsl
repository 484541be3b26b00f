// How often each bit pattern of 8 or 16 bits occurs.

@group(0) @binding(4) var<storage, read_write> results: array<atomic<u32>>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = pieceOf(workgroup.x);
  let piece = pieces[index];
  let start = (workgroup.x - firstWorkgroup(index)) * TILE + thread;
  let end = min(start + TILE, piece.count);
  let narrow = piece.format == FORMAT_TABLE;
  // A run of equal patterns is added once: else a tensor of zeros would wait for one counter.
  var pattern = 0u;
  var run = 0u;
  for (var at = start; at < end; at += THREADS) {
    var next: u32;
    if (narrow) { next = word8(piece.base, at); } else { next = word16(piece.base, at); }
    if (next != pattern && run > 0u) {
      atomicAdd(&results[piece.patterns + pattern], run);
      run = 0u;
    }
    pattern = next;
    run++;
  }
  if (run > 0u) { atomicAdd(&results[piece.patterns + pattern], run); }
}

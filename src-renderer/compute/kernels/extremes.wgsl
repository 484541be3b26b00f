// Counts of what is no ordinary number, and the smallest and largest: on bits, so that they are exact.

@group(0) @binding(4) var<storage, read_write> results: array<atomic<u32>>;

/** Unsigned numbers in the order of the F32 that the bits stand for. */
fn ordered(bits: u32) -> u32 {
  return select(bits | 0x80000000u, ~bits, bits > MAGNITUDE);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = pieceOf(workgroup.x);
  let piece = pieces[index];
  let start = (workgroup.x - firstWorkgroup(index)) * TILE + thread;
  let end = min(start + TILE, piece.count);
  // All begin at 0, also what is a minimum: its complement is a maximum.
  var most = 0u;
  var least = 0u;
  var smallest = 0u;
  var largest = 0u;
  var zeros = 0u;
  var nan = 0u;
  var infinite = 0u;
  for (var at = start; at < end; at += THREADS) {
    let bits = bitsOf(piece, at);
    let magnitude = bits & MAGNITUDE;
    if (magnitude > INFINITE) {
      nan++;
    } else if (magnitude == INFINITE) {
      infinite++;
    } else {
      most = max(most, ordered(bits));
      least = max(least, ~ordered(bits));
      largest = max(largest, magnitude);
      if (magnitude == 0u) { zeros++; } else { smallest = max(smallest, ~magnitude); }
    }
  }
  let found = piece.extremes;
  atomicMax(&results[found], most);
  atomicMax(&results[found + 1u], least);
  atomicMax(&results[found + 2u], smallest);
  atomicMax(&results[found + 3u], largest);
  if (zeros > 0u) { atomicAdd(&results[found + 4u], zeros); }
  if (nan > 0u) { atomicAdd(&results[found + 5u], nan); }
  if (infinite > 0u) { atomicAdd(&results[found + 6u], infinite); }
}

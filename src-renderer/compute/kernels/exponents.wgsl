// How often each floor(log2|x|) occurs: one bin for each biased exponent, then one for each leading bit of a subnormal.

@group(0) @binding(4) var<storage, read_write> results: array<atomic<u32>>;

// Nearly all weights share a few exponents: counted for the workgroup first.
var<workgroup> bins: array<atomic<u32>, EXPONENT_BINS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = pieceOf(workgroup.x);
  let piece = pieces[index];
  let start = (workgroup.x - firstWorkgroup(index)) * TILE + thread;
  let end = min(start + TILE, piece.count);
  for (var at = start; at < end; at += THREADS) {
    let magnitude = bitsOf(piece, at) & MAGNITUDE;
    if (magnitude == 0u || magnitude >= INFINITE) { continue; }
    var bin = magnitude >> 23u;
    if (bin == 0u) { bin = 256u + firstLeadingBit(magnitude); }
    atomicAdd(&bins[bin], 1u);
  }
  workgroupBarrier();
  for (var bin = thread; bin < EXPONENT_BINS; bin += THREADS) {
    let count = atomicLoad(&bins[bin]);
    if (count > 0u) { atomicAdd(&results[piece.exponents + bin], count); }
  }
}

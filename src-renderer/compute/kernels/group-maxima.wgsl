// The largest magnitude, as bits, of the three aligned groups around each sampled element: as far as they lie in the piece.

@group(0) @binding(4) var<storage, read_write> results: array<u32>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = pieceOf(workgroup.x);
  let piece = pieces[index];
  let place = (workgroup.x - firstWorkgroup(index)) * THREADS + thread;
  if (place >= piece.positions) { return; }
  // Positions count from the last aligned place before the piece, which is `lead` elements away.
  let position = lists[piece.positionList + place];
  let first = position - position % WIDEST_GROUP;
  var maxima = vec3u();
  for (var at = first; at < first + WIDEST_GROUP; at++) {
    if (at < piece.lead || at - piece.lead >= piece.count) { continue; }
    let bits = bitsOf(piece, at - piece.lead);
    if (!isFinite(bits)) { continue; }
    let magnitude = bits & MAGNITUDE;
    maxima.x = max(maxima.x, magnitude);
    if (at / (WIDEST_GROUP / 2u) == position / (WIDEST_GROUP / 2u)) { maxima.y = max(maxima.y, magnitude); }
    if (at / (WIDEST_GROUP / 4u) == position / (WIDEST_GROUP / 4u)) { maxima.z = max(maxima.z, magnitude); }
  }
  let found = piece.groupMaxima + 3u * place;
  results[found] = maxima.x;
  results[found + 1u] = maxima.y;
  results[found + 2u] = maxima.z;
}

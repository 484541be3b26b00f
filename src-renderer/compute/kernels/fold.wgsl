// Second half of the sketch: of every strip, the columns of a slice, which all go to one bucket, are added with their signs.

@group(0) @binding(3) var<storage, read_write> scratch: array<Double>;
@group(0) @binding(4) var<storage, read_write> results: array<u32>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = pieceOf(workgroup.x);
  let piece = pieces[index];
  let place = (workgroup.x - firstWorkgroup(index)) * THREADS + thread;
  if (place >= piece.strips * piece.slices) { return; }
  let row = piece.scratch + (place / piece.slices) * piece.columns;
  let slice = place % piece.slices;
  let end = lists[piece.sliceStarts + slice + 1u];
  var sum = Double();
  for (var i = lists[piece.sliceStarts + slice]; i < end; i++) {
    let entry = lists[piece.sliceColumns + i];
    let value = scratch[row + (entry >> 1u)];
    let sign = select(1.0, -1.0, (entry & 1u) == 1u);
    sum = plus(sum, Double(sign * value.high, sign * value.low));
  }
  results[piece.folds + 2u * place] = bitcast<u32>(sum.high);
  results[piece.folds + 2u * place + 1u] = bitcast<u32>(sum.low);
}

/** Every bound on what a file may ask of us. Larger files are refused with a code of their own, never half read. */

/**
 * Longest safetensors header, in bytes. The reference reader's own limit (its MAX_HEADER_SIZE), so that nothing it
 * reads is refused here. The largest published models need far less: one shard of DeepSeek-V3 names about 600 tensors.
 */
export const SAFETENSORS_HEADER_BYTES = 100_000_000

/**
 * Deepest nesting of arrays and objects in JSON. What the reference reader's JSON library allows; it bounds our
 * recursion. Real headers have depth 3, real indexes depth 2.
 */
export const JSON_DEPTH = 127

/**
 * Longest shard index, in bytes. It is read whole, so it gets the bound of a header. DeepSeek-V3, among the largest
 * published, has 59 layers × 256 experts × 3 matrices × 2 tensors: 9 MB; half a million names are about 50 MB.
 */
export const INDEX_BYTES = 100_000_000

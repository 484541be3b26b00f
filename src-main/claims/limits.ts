/** Every bound on what a file beside the weights may ask of us: what is larger is refused, never half read. */

/**
 * Longest front matter of a model card, in bytes; the text below it may be as long as it likes. Cards that list benchmark
 * results have some hundred kilobytes.
 */
export const FRONT_MATTER_BYTES = 1_048_576

/** Longest part of a front matter that is looked at as YAML, in characters: the fields that say something of ancestry. */
export const CARD_FIELD_CHARACTERS = 16_384

/** Longest merge configuration, in bytes. */
export const MERGE_CONFIG_BYTES = 65_536

/** Longest config.json or adapter_config.json, in bytes. A config that names 21,000 classes twice has 1.5 MB. */
export const CONFIG_BYTES = 8_388_608

/** Deepest nesting of lists and maps in YAML. Merge configurations have 6 levels. */
export const YAML_DEPTH = 32

/** Longest name of a model that is taken for one, in characters. */
export const NAME_CHARACTERS = 500

/** Most models that one file may name as ancestors. */
export const NAMED_MODELS = 64

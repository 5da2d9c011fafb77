/**
 * What a document from a stranger may cost. Each bound is far above what documents of real APIs need; what goes beyond it is
 * told in a sentence that names the place.
 */
export const BOUNDS = {
  /** Bytes of a file. Parsers of YAML are slower than those of JSON by a factor of ten. */
  bytesOfJson: 64_000_000,
  bytesOfYaml: 16_000_000,
  /** Files that a document is made of. */
  files: 2_000,
  /** Objects and lists in one another, before and after aliases of YAML are written out. */
  depth: 200,
  /** Values, once every alias of YAML is written out. */
  values: 2_000_000,
  /** Values in a sample of a schema, and characters or items of one of them. */
  sampleValues: 2_000,
  sampleLength: 4_096,
  /** Members of a body that are made wrong one by one. */
  membersTried: 100,
  /** Milliseconds for one value by one schema. */
  validation: 1_000,
} as const;

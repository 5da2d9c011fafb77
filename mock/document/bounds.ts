/** What a document may cost the mock, which reads it by itself. The checker of contracts says more about what goes beyond. */
export const LARGEST_FILE = 64_000_000;
export const LARGEST_YAML = 16_000_000;
export const MOST_FILES = 2_000;
/** Values once the aliases of YAML are written out. */
export const MOST_VALUES = 2_000_000;
export const DEEPEST = 200;
/** Characters and items that a schema can ask for. */
export const LONGEST_SAMPLE = 4_096;
/** Milliseconds to judge one value, and to make one sample. */
export const LONGEST_TIME = 2_000;

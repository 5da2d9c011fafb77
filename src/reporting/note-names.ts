/**
 * How results of a shard travel from a test to the reporter, through blob reports too: as attachments, of which Playwright's
 * own report hides those whose name begins with an underscore. (Annotations would be copied into every JUnit entry.)
 */
export const OPERATION_NOTE = '_conformance-operation';
export const KEYS_NOTE = '_conformance-keys';
export const TARGET_NOTE = '_conformance-target';

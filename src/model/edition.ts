/**
 * An edition of the set of rules, named after the month in which it is published. A rule that is added counts since the
 * next one.
 */
export type Edition = '2026.11' | '2026.12';

/**
 * A package of a pair in the version that is asked for: `node pairs/NAME.js vulnerable`, or `fixed`. Both are installed under
 * names of their own (package.json), so that neither is taken for the one that a stack uses.
 *
 * @param {string} name of the pair
 * @param {string} [path] below the package, with a slash in front
 */
export const packageOf = (name, path = '') => import(`${name}-${process.argv[2] ?? 'fixed'}${path}`);

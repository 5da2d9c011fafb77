/** The modules of a clone are TypeScript, those of the package are JavaScript: only a clone has the scripts of package.json. */
const IS_CLONE = import.meta.url.endsWith('.ts');

/**
 * A command as it is typed where the suite runs: `npm run plan -- --names` in a clone, `npx auth-conformance plan --names`
 * where the package is installed.
 *
 * @param script name of the script in package.json
 * @param words what stands behind it
 */
export function commandText(script: string, words = '', isClone = IS_CLONE): string {
  const behind = words === '' ? '' : ` ${words}`;
  if (isClone) return `npm run ${script}${behind === '' ? '' : ` --${behind}`}`;
  // What a clone calls contract is check and new in the package.
  const own = script === 'conformance' ? ' run' : script === 'contract' ? '' : ` ${script}`;
  return `npx auth-conformance${own}${behind}`;
}

/**
 * Whether this Node reads TypeScript by itself, as it does from 22.18 on: that takes a third of the time that tsx takes,
 * and no thread.
 *
 * @see https://nodejs.org/api/process.html#processfeaturestypescript
 */
const readsTypeScript = Boolean((process.features as { readonly typescript?: unknown }).typescript);

/**
 * Whether Node needs tsx for a module, which is TypeScript in a clone and JavaScript in the package.
 *
 * @param module its path or URL
 */
export function needsTsx(module: string): boolean {
  return module.endsWith('.ts') && !readsTypeScript;
}

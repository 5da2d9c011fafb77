/**
 * The one name of a cell: `missing-key@GET /contacts`. Histories, links into the page and fingerprints of SARIF keep it, so
 * it stays as it is.
 */
export function cellId({ rule, operation }: { readonly rule: string; readonly operation: string }): string {
  return `${rule}@${operation}`;
}

/** The day in UTC, in the form of known-failures.yaml: `2030-01-31`. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

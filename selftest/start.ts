/** Says when this run began: a weakening that an earlier run noticed says nothing about this one. */
export default function start(): void {
  process.env['SELFTEST_STARTED'] = String(Date.now());
}

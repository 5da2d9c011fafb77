/** What is wrong with the settings, every fault at once; the message is the whole story and needs no stack. */
export class ConfigurationError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      faults.length === 1
        ? String(faults[0])
        : `${faults.length} settings need a correction:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON Schema as it stands in the document, or `true` or `false`. Its references point into that document. */
export type Schema = JsonObject | boolean;

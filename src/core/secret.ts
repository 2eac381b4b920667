const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * A value that must never be seen. It prints as its label, for example `(secret SLACK_WEBHOOK_URL)` or
 * `Bearer (secret HOOK_TOKEN)`, in templates, JSON, logs and inspection alike. `reveal` may be called only
 * where the one request that sets it is built (checked by lint and by test/architecture).
 */
export class Secret {
  readonly label: string;
  /** Environment variables that it is made of; empty for a literal. */
  readonly variables: readonly string[];
  readonly #text: string | undefined;

  private constructor(label: string, variables: readonly string[], text: string | undefined) {
    this.label = label;
    this.variables = variables;
    this.#text = text;
  }

  /** @param text undefined or blank where a variable is not set: the secret is then unavailable. */
  static of(label: string, variables: readonly string[], text: string | undefined): Secret {
    return new Secret(label, variables, text === undefined || text.trim() === '' ? undefined : text);
  }

  get isAvailable(): boolean {
    return this.#text !== undefined;
  }

  /** @throws Error when unavailable; callers check `isAvailable` before anything is written. */
  reveal(): string {
    if (this.#text === undefined) throw new Error(`${this.label} is not available`);
    return this.#text;
  }

  /** Whether this is the text; what is not available equals nothing. */
  isText(text: string): boolean {
    return this.#text !== undefined && this.#text === text;
  }

  /** Whether both hold the same text; what is not available equals nothing. */
  isSameAs(other: Secret): boolean {
    return other.#text !== undefined && this.isText(other.#text);
  }

  toString(): string {
    return this.label;
  }

  toJSON(): string {
    return this.label;
  }

  [INSPECT](): string {
    return this.label;
  }
}

import type { JqValue } from './jq-value.ts';

/**
 * A program is none, asks for what is not done here, or fails at its input. The message is for its author.
 */
export class JqError extends Error {
  override readonly name = 'JqError';
  /** What `catch` gets. */
  readonly value: JqValue;

  constructor(message: string, value: JqValue = message) {
    super(message);
    this.value = value;
  }
}

/**
 * The key that everything secret in the journals is wrapped with: the secrets of access keys, the material of
 * KMS keys, the secrets of tokens. It is never written to a journal itself. A source may hold several: the
 * first wraps, all of them unwrap, so that a new one can be put before the old.
 */
export interface RootKey {
  /**
   * Wraps a secret with AES-256-GCM, as text. `purpose` says what it is, and has to be given again:
   * `access-key/AKIA…`.
   */
  wrap(secret: Uint8Array, purpose: string): string;
  /** The secret in such a text. Throws a `KeyError` when none of the keys wrapped it for this purpose. */
  unwrap(text: string, purpose: string): Buffer;
  /** Whether a text was wrapped with the first key. */
  isCurrent(text: string): boolean;
}

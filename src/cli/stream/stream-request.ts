/** What is to be done about a stream. Durations are in hours. */
export type StreamAction =
  | {
      readonly kind: 'create';
      /** Undefined: on demand. */
      readonly shards: number | undefined;
      readonly retentionHours: number | undefined;
      readonly key: string | undefined;
      readonly tags: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'describe' }
  | {
      readonly kind: 'split';
      /** Undefined: the one that most is put to. */
      readonly shard: string | undefined;
      /** A hash key in decimal; `half` of its range; `load`, where it halves what is put. */
      readonly at: string;
    }
  | { readonly kind: 'merge'; readonly shards: readonly [string, string] }
  | { readonly kind: 'scale'; readonly shards: number }
  | { readonly kind: 'retain'; readonly hours: number }
  /** Undefined: not any more. */
  | { readonly kind: 'encrypt'; readonly key: string | undefined }
  | { readonly kind: 'delete'; readonly isSure: boolean; readonly withConsumers: boolean };

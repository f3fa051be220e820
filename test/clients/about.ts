/**
 * What docs/clients.md says of a real program that has Millrace for AWS. Every folder beside this file that
 * has an `about.ts` is one, and its tests are that folder's `*.test.ts`.
 */
export type About = {
  /** As its users call it: `Kinesis Client Library 3 for Java`. */
  readonly name: string;
  /** The very one that runs. */
  readonly version: string;
  /** Where its package comes from: `Maven Central`, `PyPI`. */
  readonly from: string;
  /** What its tests have it do, in one sentence. */
  readonly runs: string;
  /** What a user copies, in the order in which it is needed. */
  readonly configuration: readonly Snippet[];
  /** What a user should know besides: differences, traps. A sentence or a few each. */
  readonly remarks?: readonly string[];
  /** Commands that say the versions of what it is built and run with; the first line of each is kept. */
  readonly toolchain: readonly (readonly [program: string, ...words: string[]])[];
};

export type Snippet = {
  /** What these lines are, or where they stand: `Environment`, `telegraf.conf`. */
  readonly where: string;
  /** As Markdown names it: `sh`, `java`, `ini`. */
  readonly language: string;
  readonly lines: string;
};

/** All that most of them need. */
export const environmentAlone: Snippet = {
  where: 'Environment',
  language: 'sh',
  lines: `export AWS_ENDPOINT_URL=http://localhost:4567
export AWS_REGION=us-east-1
export AWS_ACCESS_KEY_ID=anybody AWS_SECRET_ACCESS_KEY=anything   # or a user's, where signatures are verified`,
};

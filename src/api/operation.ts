import { KinesisError } from '../kinesis/error.ts';
import type { OutputOf, StructureShape, TypeOf } from '../wire/shape.ts';
import type { Service } from './service.ts';

/** One operation of the API: what it takes and answers, said once, and what it does. */
export type Operation<
  Input extends StructureShape = StructureShape,
  Output extends StructureShape | undefined = StructureShape | undefined,
> = {
  /** As AWS names it. */
  readonly name: string;
  /** One sentence for the API page. */
  readonly summary: string;
  /** How often it may be called, by an account in a region or for one stream; AWS's documented rates. */
  readonly rate?: Rate;
  readonly input: Input;
  /** Undefined: it answers with an empty body. */
  readonly output: Output;
  handle(
    service: Service,
    input: TypeOf<Input>,
    caller: Caller,
  ): Promise<Output extends StructureShape ? OutputOf<Output> : void>;
};

export type Rate = { readonly perSecond: number; readonly per: 'account' | 'stream' };

/** Who asks, as the signature says. */
export type Caller = { readonly account: string; readonly region: string; readonly user: string };

/** Checks that a declaration fits together; changes nothing. */
export function operation<Input extends StructureShape, Output extends StructureShape | undefined>(
  declaration: Operation<Input, Output>,
): Operation<Input, Output> {
  return declaration;
}

/** What a request with DryRun is answered when everything would have gone well; it was left undone. */
export function dryRun(): KinesisError {
  return new KinesisError(
    'DryRunOperationException',
    'The request was rejected because the DryRun parameter was specified.',
  );
}

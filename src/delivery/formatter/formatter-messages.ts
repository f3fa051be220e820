import type { Port, WorkerProgram } from '../../env/workers.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';
import type { TransformAnswer } from '../delivery-world.ts';
import type { SourceSlice } from '../source/source-slice.ts';
import type { ChunkFill, ChunkSetting, FormattedChunk } from './chunk-setting.ts';

/** What the thread that formats is asked; `call` is answered once, `chunk` is a number of its asker's. */
export type FormatterAsk =
  | { readonly kind: 'open'; readonly chunk: number; readonly setting: ChunkSetting }
  | { readonly kind: 'add'; readonly chunk: number; readonly call: number; readonly slice: SourceSlice }
  | { readonly kind: 'sample'; readonly chunk: number; readonly call: number; readonly slice: SourceSlice }
  | { readonly kind: 'finish'; readonly chunk: number; readonly call: number; readonly random: string }
  | { readonly kind: 'drop'; readonly chunk: number }
  | { readonly kind: 'invoked'; readonly invocation: number; readonly answer: TransformAnswer };

/** What it answers, and what it asks: that a function is invoked, for a chunk. */
export type FormatterAnswer =
  | { readonly kind: 'added'; readonly chunk: number; readonly call: number; readonly fill: ChunkFill }
  | {
      readonly kind: 'sampled';
      readonly chunk: number;
      readonly call: number;
      readonly schema: TableSchema | undefined;
    }
  | {
      readonly kind: 'finished';
      readonly chunk: number;
      readonly call: number;
      readonly formatted: FormattedChunk;
    }
  | { readonly kind: 'failed'; readonly chunk: number; readonly call: number; readonly message: string }
  | {
      readonly kind: 'invoke';
      readonly invocation: number;
      readonly chunk: number;
      readonly arn: string;
      readonly role: string;
      readonly payload: Buffer;
    };

export type FormatterPorts = { readonly asks: Port<FormatterAnswer, FormatterAsk> };
export type FormatterProgram = WorkerProgram<undefined, FormatterPorts>;

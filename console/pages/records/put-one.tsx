import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useAsked } from '../../api/asked.ts';
import { call } from '../../api/call.ts';
import { CallError } from '../../api/call-error.ts';
import { detached } from '../../api/detached.ts';
import { region } from '../../api/session.ts';
import { codeOf } from '../../code/languages.ts';
import { Bytes } from '../../code/request.ts';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { errorText } from '../../parts/error-text.ts';
import { SelectField, TextArea, TextField } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { hashKeyOf, isWithin } from './hash-key.ts';
import { recordPath } from './permalink.ts';
import { base64Of, bytesOfBase64, type NewRecord } from './produce-input.ts';
import { toBePut } from './put-again.ts';
import { allShards } from './shards.ts';
import { w } from './text-work.ts';

type PutRecordAnswer = { readonly ShardId: string; readonly SequenceNumber: string };

/** One record: key, data, and the hash key if it is to be another than the key's. */
export function PutOne({ stream }: { readonly stream: string }) {
  const form = usePutForm();
  const put = useSignal<PutRecordAnswer | undefined>(undefined);
  const error = useSignal<Error | undefined>(undefined);
  const isBusy = useSignal(false);
  const record = recordOf(form);
  const submit = async () => {
    if (record === undefined || isBusy.value) return;
    isBusy.value = true;
    put.value = undefined;
    error.value = undefined;
    try {
      put.value = await call<PutRecordAnswer>('kinesis', 'PutRecord', inputOf(stream, record));
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown;
      error.value = thrown;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <form
      class="put-one"
      onSubmit={(event) => {
        event.preventDefault();
        detached(submit());
      }}
    >
      <PutFields stream={stream} form={form} />
      <Button kind="main" submits={true} busy={isBusy.value} disabled={record === undefined}>
        {w.put}
      </Button>
      {error.value !== undefined && <Notice kind="bad">{errorText(error.value)}</Notice>}
      {put.value !== undefined && (
        <Notice
          kind="good"
          actions={
            <a
              href={recordPath({
                stream,
                shardId: put.value.ShardId,
                sequenceNumber: put.value.SequenceNumber,
              })}
            >
              {w.see}
            </a>
          }
        >
          {w.putDone(put.value.ShardId)} <span class="mono breaks">{put.value.SequenceNumber}</span>
        </Notice>
      )}
      {record !== undefined && <PutCode stream={stream} record={record} />}
    </form>
  );
}

type PutForm = {
  readonly key: Signal<string>;
  readonly data: Signal<string>;
  readonly as: Signal<'text' | 'base64'>;
  readonly explicit: Signal<string>;
};

/** What it begins with: a record that is to be put again, as text where its bytes are text. */
function usePutForm(): PutForm {
  const begun = toBePut.peek();
  const text = begun === undefined ? '{"hello":"world"}' : textOf(begun.data);
  useEffect(() => {
    toBePut.value = undefined;
  }, []);
  return {
    key: useSignal(begun?.partitionKey ?? 'key-1'),
    data: useSignal(text ?? begun!.data),
    as: useSignal<'text' | 'base64'>(text === undefined ? 'base64' : 'text'),
    explicit: useSignal(begun?.explicitHashKey ?? ''),
  };
}

function PutFields({ stream, form }: { readonly stream: string; readonly form: PutForm }) {
  const { key, data, as, explicit } = form;
  const shards = useAsked((signal) => allShards(stream, signal), [stream]);
  const isExplicit = isHashKey(explicit.value);
  const hashKey = explicit.value === '' ? hashKeyOf(key.value) : isExplicit ? explicit.value : undefined;
  const shard = shards.answer?.find(
    ({ isClosed, startingHashKey, endingHashKey }) =>
      !isClosed && hashKey !== undefined && isWithin(hashKey, startingHashKey, endingHashKey),
  );
  return (
    <>
      <TextField
        label={w.key}
        value={key}
        isMono={true}
        hint={shard === undefined ? w.keyHint : `${w.keyHint} ${w.goesTo(shard.ShardId)}`}
      />
      <TextArea
        label={w.data}
        value={data}
        error={as.value === 'base64' && !isBase64(data.value) ? w.badBase64 : undefined}
      />
      <div class="field-row">
        <SelectField
          label={w.dataIs}
          value={as}
          options={[
            { id: 'text', title: w.asText },
            { id: 'base64', title: w.asBase64 },
          ]}
        />
        <TextField
          label={w.explicit}
          value={explicit}
          isMono={true}
          hint={w.explicitHint}
          error={explicit.value !== '' && !isExplicit ? w.badExplicit : undefined}
        />
      </div>
    </>
  );
}

function PutCode({ stream, record }: { readonly stream: string; readonly record: NewRecord }) {
  const input = { ...inputOf(stream, record), Data: new Bytes(record.data) };
  const code = codeOf([{ service: 'kinesis', operation: 'PutRecord', input }], {
    url: location.origin,
    region: region.value,
  });
  return (
    <details class="put-code">
      <summary>{w.code}</summary>
      <CodeBlock samples={code} />
    </details>
  );
}

/** Undefined while something in the form is not right. */
function recordOf({ key, data, as, explicit }: PutForm): NewRecord | undefined {
  const isText = as.value === 'text';
  if (key.value === '' || (!isText && !isBase64(data.value))) return undefined;
  if (explicit.value !== '' && !isHashKey(explicit.value)) return undefined;
  return {
    partitionKey: key.value,
    data: isText ? base64Of(data.value) : data.value.replace(/\s+/g, ''),
    explicitHashKey: explicit.value === '' ? undefined : explicit.value,
  };
}

function inputOf(stream: string, { partitionKey, data, explicitHashKey }: NewRecord) {
  const input = { StreamName: stream, PartitionKey: partitionKey, Data: data };
  return explicitHashKey === undefined ? input : { ...input, ExplicitHashKey: explicitHashKey };
}

/** As the API's pattern has it, `0|([1-9]\d{0,38})`, and below 2^128. */
function isHashKey(text: string): boolean {
  return /^(0|[1-9]\d{0,38})$/.test(text) && BigInt(text) < 1n << 128n;
}

function isBase64(text: string): boolean {
  const packed = text.replace(/\s+/g, '');
  return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
}

/** Undefined for bytes that are no UTF-8. */
function textOf(data: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOfBase64(data));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

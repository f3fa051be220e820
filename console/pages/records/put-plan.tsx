import { type Signal, useSignal } from '@preact/signals';
import { useAsked } from '../../api/asked.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { bodyPreview, visibleText } from './body-text.ts';
import {
  bytesOfBase64,
  type InputFormat,
  inspectInput,
  type KeyChoice,
  type NewRecord,
  recordsIn,
  type Unusable,
} from './produce-input.ts';
import { PutRun } from './put-run.tsx';
import type { PutSource } from './put-source.ts';
import { randomKey } from './putting.ts';
import { w } from './text-work.ts';

/** How a source becomes records: what each is, and its key. It shows the first before any is put. */
export function PutPlan({ stream, source, onOther }: PutPlanProps) {
  const looked = useAsked(async () => {
    const beginning = await source.beginning();
    return { beginning, ...inspectInput(beginning) };
  }, [source]);
  if (looked.answer === undefined) return <Skeleton />;
  const { beginning, format, fields } = looked.answer;
  return (
    <PutChoices
      stream={stream}
      source={source}
      beginning={beginning}
      format={format}
      fields={fields}
      onOther={onOther}
    />
  );
}

type PutPlanProps = { readonly stream: string; readonly source: PutSource; readonly onOther: () => void };

type PutChoicesProps = PutPlanProps & {
  readonly beginning: string;
  readonly format: InputFormat;
  readonly fields: readonly string[];
};

function PutChoices({ stream, source, beginning, fields, onOther, ...found }: PutChoicesProps) {
  const format = useSignal(found.format);
  const chosen = useSignal(preferredKey(fields));
  const constant = useSignal('');
  const rate = useSignal('');
  const isRunning = useSignal(false);
  const key = keyOf(chosen.value, constant.value);
  const rateNumber = Number(rate.value);
  const isRateRight = rate.value === '' || rateNumber >= 1;
  if (isRunning.value) {
    return (
      <PutRun
        stream={stream}
        source={source}
        format={format.value}
        recordKey={key}
        rate={rate.value === '' ? undefined : rateNumber}
        onAgain={onOther}
      />
    );
  }
  return (
    <div class="put-plan">
      <p>
        <strong class="breaks">{source.name}</strong>{' '}
        <Button kind="quiet" onPress={onOther}>
          {w.other}
        </Button>
      </p>
      <div class="field-row">
        <FormatField format={format} />
        {format.value !== 'saved' && <KeyField chosen={chosen} fields={fields} format={format.value} />}
        {format.value !== 'saved' && key.kind === 'constant' && (
          <TextField label={w.constant} value={constant} isMono={true} />
        )}
        <TextField label={w.rate} value={rate} kind="number" error={isRateRight ? undefined : w.badRate} />
      </div>
      <Preview beginning={beginning} format={format.value} recordKey={key} />
      <Button
        kind="main"
        disabled={!isRateRight || (key.kind === 'constant' && key.key === '' && format.value !== 'saved')}
        onPress={() => {
          isRunning.value = true;
        }}
      >
        {w.start}
      </Button>
    </div>
  );
}

function FormatField({ format }: { readonly format: Signal<InputFormat> }) {
  const formats: readonly InputFormat[] = ['json', 'csv', 'lines', 'saved'];
  return (
    <SelectField
      label={w.format}
      value={format}
      options={formats.map((id) => ({ id, title: w.formats[id]! }))}
    />
  );
}

type KeyFieldProps = {
  readonly chosen: Signal<string>;
  readonly fields: readonly string[];
  readonly format: InputFormat;
};

function KeyField({ chosen, fields, format }: KeyFieldProps) {
  const offered = format === 'lines' ? [] : fields.slice(0, fieldsMax);
  return (
    <SelectField
      label={w.keyFrom}
      value={chosen}
      options={[
        ...offered.map((field) => ({ id: `=${field}`, title: w.keyField(visibleText(field)) })),
        { id: 'random', title: w.keyRandom },
        { id: 'constant', title: w.keyConstant },
      ]}
    />
  );
}

const fieldsMax = 200;

/** What a key often is called; else records are spread. */
function preferredKey(fields: readonly string[]): string {
  const named = fields.find((field) =>
    /^(key|partitionkey|partition_key|id|origin|user|userid|device)$/i.test(field),
  );
  return named === undefined ? 'random' : `=${named}`;
}

function keyOf(chosen: string, constant: string): KeyChoice {
  if (chosen === 'random') return { kind: 'random' };
  if (chosen === 'constant') return { kind: 'constant', key: constant };
  return { kind: 'field', path: chosen.slice(1) };
}

type PreviewProps = {
  readonly beginning: string;
  readonly format: InputFormat;
  readonly recordKey: KeyChoice;
};

function Preview({ beginning, format, recordKey }: PreviewProps) {
  const first = useAsked(
    () => firstOf(recordsIn([beginning], format, recordKey, randomKey), previewCount),
    [beginning, format, JSON.stringify(recordKey)],
  );
  if (first.answer === undefined) return <Skeleton lines={previewCount} />;
  if (first.answer.length === 0) return <Notice kind="warning">{w.empty}</Notice>;
  return (
    <figure class="put-preview">
      <figcaption>{w.preview}</figcaption>
      <ol>
        {first.answer.map((record, index) => (
          <li key={index} class="mono">
            <PreviewLine record={record} />
          </li>
        ))}
      </ol>
    </figure>
  );
}

function PreviewLine({ record }: { readonly record: NewRecord | Unusable }) {
  if ('unusable' in record) {
    return (
      <>
        <span class="field-error">{w.reasons[record.unusable]}</span> {bodyPreview(record.text, lineMax)}
      </>
    );
  }
  const text = new TextDecoder().decode(bytesOfBase64(record.data.slice(0, 4 * lineMax)));
  return (
    <>
      <span class="preview-key">{bodyPreview(record.partitionKey, 40)}</span> {bodyPreview(text, lineMax)}
    </>
  );
}

const previewCount = 3;
const lineMax = 200;

async function firstOf<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  const first: T[] = [];
  for await (const item of items) {
    first.push(item);
    if (first.length === count) break;
  }
  return first;
}

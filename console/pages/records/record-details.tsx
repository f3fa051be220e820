import { useSignal } from '@preact/signals';
import { region } from '../../api/session.ts';
import { Badge } from '../../parts/badge.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { format } from '../../text/format.ts';
import { language } from '../../text/text.ts';
import { visibleText } from './body-text.ts';
import { BytesView } from './bytes-view.tsx';
import { hashKeyOf } from './hash-key.ts';
import { readingSnippets } from './snippets.ts';
import { sizeOfBase64, type TailRecord } from './tail-record.ts';
import { t } from './text.ts';
import { ValueTree } from './value-tree.tsx';

/** Everything about a record: what it says in the forms that one may want, and where it is. */
export function RecordDetails({ stream, record }: RecordDetailsProps) {
  const isStructured = typeof record.body === 'object' && record.body !== null;
  const chosen = useSignal<Shown>('body');
  return (
    <div class="record-details">
      {record.trouble !== undefined && (
        <Notice kind="warning" title={t.trouble}>
          {record.trouble}
        </Notice>
      )}
      <Facts facts={factsOf(record)} />
      <Tabs
        label={t.details}
        tabs={[
          { id: 'body', title: t.body },
          ...(isStructured ? [{ id: 'text' as const, title: t.text }] : []),
          { id: 'hex', title: t.hex },
          { id: 'code', title: t.code },
        ]}
        chosen={chosen.value}
        onChoose={(id) => {
          chosen.value = id;
        }}
      />
      {chosen.value === 'body' && <Body record={record} />}
      {chosen.value === 'text' && <BytesView data={record.data} as="text" />}
      {chosen.value === 'hex' && <BytesView data={record.data} as="hex" />}
      {chosen.value === 'code' && (
        <CodeBlock
          samples={readingSnippets({ stream, ...record }, { url: location.origin, region: region.value })}
        />
      )}
      <Facts facts={numbersOf(record)} />
    </div>
  );
}

export type RecordDetailsProps = { readonly stream: string; readonly record: TailRecord };

type Shown = 'body' | 'text' | 'hex' | 'code';

function Body({ record }: { readonly record: TailRecord }) {
  const { body, forms, data } = record;
  if (typeof body !== 'string') {
    return (
      <div class="record-body mono">
        <CopyButton text={JSON.stringify(body, undefined, 2)} />
        <ValueTree value={body} />
      </div>
    );
  }
  return <BytesView data={data} as={forms.at(-1) === 'hex' ? 'hex' : 'text'} />;
}

/** What it is. */
function factsOf({ partitionKey, arrival, data, forms, shardId }: TailRecord): Fact[] {
  return [
    [t.partitionKey, <Copied key="key" text={partitionKey} />],
    [
      t.arrival,
      <time key="time" dateTime={new Date(arrival).toISOString()}>
        {longTime(arrival)}
      </time>,
    ],
    [t.size, format.bytes(sizeOfBase64(data))],
    [t.forms, forms.map((form) => <Badge key={form}>{form}</Badge>)],
    [
      t.columns['shard']!,
      <span key="shard" class="mono">
        {shardId}
      </span>,
    ],
  ];
}

/** Where it is, in numbers that are long. */
function numbersOf({ sequenceNumber, subSequence, partitionKey, explicitHashKey }: TailRecord): Fact[] {
  return [
    [t.sequenceNumber, <Copied key="sequence" text={sequenceNumber} />],
    ...(subSequence === undefined ? [] : [[t.subSequence, format.number(subSequence)] as const]),
    ...(explicitHashKey === undefined
      ? []
      : [[t.explicitHashKey, <Copied key="explicit" text={explicitHashKey} />] as const]),
    [t.hashKey, <Copied key="hash" text={hashKeyOf(partitionKey)} />],
  ];
}

function Copied({ text }: { readonly text: string }) {
  return (
    <span class="copied mono">
      <span class="breaks">{visibleText(text)}</span>
      <CopyButton text={text} />
    </span>
  );
}

/** With milliseconds, which is what arrivals are exact to. */
function longTime(arrival: number): string {
  return new Intl.DateTimeFormat(language.value, {
    ...{ year: 'numeric', month: 'short', day: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false },
  }).format(arrival);
}

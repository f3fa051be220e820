import { useSignal } from '@preact/signals';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextArea, TextField } from '../../parts/field.tsx';
import { type Position, parsePosition, shortcuts } from './position.ts';
import { ShardChoice } from './shard-choice.tsx';
import { t } from './text.ts';
import { decoders, type ViewState } from './view-state.ts';
import { WhereField } from './where-field.tsx';
import type { Wrong } from './wrong.ts';

/** What is looked at: from where, which shards, understood how, and which records of them. */
export function ViewBar({ stream, view, wrong, onChange, onSequence }: ViewBarProps) {
  const change = (changed: Partial<ViewState>) => onChange({ ...view, ...changed });
  return (
    <div class="view-bar">
      <Beginning view={view} onFrom={(from) => change({ from })} onSequence={onSequence} />
      <div class="view-choices">
        <ShardChoice stream={stream} chosen={view.shards} onChange={(shards) => change({ shards })} />
        <SelectField
          label={t.decoder}
          value={{
            get value() {
              return view.decode;
            },
            set value(decode) {
              change({ decode });
            },
          }}
          options={decoders.map((id) => ({ id, title: t.decoders[id]! }))}
        />
        <WhereField where={view.where} wrong={wrong} onChange={(where) => change({ where })} />
      </div>
      {view.decode === 'avro' && <Schema schema={view.schema} onChange={(schema) => change({ schema })} />}
    </div>
  );
}

export type ViewBarProps = {
  readonly stream: string;
  readonly view: ViewState;
  /** What is wrong with the expression, as the server says. */
  readonly wrong: Wrong | undefined;
  readonly onChange: (view: ViewState) => void;
  readonly onSequence: (sequenceNumber: string) => void;
};

type BeginningProps = Pick<ViewBarProps, 'view' | 'onSequence'> & { readonly onFrom: (from: string) => void };

function Beginning({ view, onFrom, onSequence }: BeginningProps) {
  const typed = useSignal('');
  const isUnclear = useSignal(false);
  const jump = (event: Event) => {
    event.preventDefault();
    if (typed.value.trim() === '') return;
    const position: Position = parsePosition(typed.value, new Date());
    isUnclear.value = position.kind === 'unclear';
    if (position.kind === 'from') onFrom(position.from);
    if (position.kind === 'sequence') onSequence(position.sequenceNumber);
  };
  const choices = [
    { from: 'TRIM_HORIZON', title: t.start },
    ...shortcuts.toReversed().map((from) => ({ from, title: from.slice(1) })),
    { from: 'LATEST', title: t.live },
  ];
  const isOther = !choices.some(({ from }) => from === view.from);
  return (
    <div class="view-beginning">
      <fieldset class="segments" aria-label={t.from}>
        {choices.map(({ from, title }) => (
          <button
            key={from}
            type="button"
            class="segment"
            aria-pressed={from === view.from}
            onClick={() => onFrom(from)}
          >
            {title}
          </button>
        ))}
        {isOther && (
          <button type="button" class="segment" aria-pressed={true}>
            {view.from.startsWith('-') ? view.from.slice(1) : new Date(view.from).toLocaleString()}
          </button>
        )}
      </fieldset>
      <form class="view-jump" onSubmit={jump}>
        <TextField
          label={t.jump}
          placeholder="18:05 · -15m · 4966…"
          hint={t.jumpHint}
          value={typed}
          error={isUnclear.value ? t.jumpUnclear : undefined}
        />
        <Button submits={true}>{t.jump}</Button>
      </form>
    </div>
  );
}

function Schema({
  schema,
  onChange,
}: {
  readonly schema: string;
  readonly onChange: (schema: string) => void;
}) {
  const typed = useSignal(schema);
  return (
    <form
      class="view-schema"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(typed.value);
      }}
    >
      <TextArea label={t.schema} hint={t.schemaHint} value={typed} lines={4} />
      <Button submits={true}>{t.apply}</Button>
    </form>
  );
}

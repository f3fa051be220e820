import type { Signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { format } from '../../text/format.ts';
import { WrongPlace } from '../records/where-field.tsx';
import { placeIn, type Wrong } from '../records/wrong.ts';
import { queryExamples, t } from './text.ts';

/** Where SQL is written. Ctrl+Enter runs it; what is wrong shows with its place. */
export function SqlField({ sql, wrong, onRun }: SqlFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t.sql}</label>
      <textarea
        id={id}
        class="input mono sql"
        rows={Math.min(16, Math.max(4, sql.value.split('\n').length + 1))}
        spellcheck={false}
        autocapitalize="off"
        value={sql.value}
        aria-invalid={wrong !== undefined}
        aria-describedby={`${id}-about`}
        aria-keyshortcuts="Control+Enter"
        onInput={(event) => {
          sql.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          onRun();
        }}
      />
      <div id={`${id}-about`} class="field-about">
        {wrong === undefined ? t.columnsHint : <SqlTrouble sql={sql.value} wrong={wrong} />}
      </div>
      <details class="examples">
        <summary>{t.examples}</summary>
        <ul>
          {queryExamples.map((example) => (
            <li key={example}>
              <button
                type="button"
                class="example mono"
                onClick={(event) => {
                  event.currentTarget.closest('details')!.open = false;
                  sql.value = example;
                }}
              >
                {example}
              </button>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

type SqlFieldProps = {
  readonly sql: Signal<string>;
  readonly wrong: Wrong | undefined;
  readonly onRun: () => void;
};

function SqlTrouble({ sql, wrong }: { readonly sql: string; readonly wrong: Wrong }) {
  const at = wrong.position === undefined ? undefined : placeIn(sql, wrong.position);
  return (
    <>
      {at !== undefined && (
        <div class="field-error">{t.place(format.number(at.line), format.number(at.column))}</div>
      )}
      <WrongPlace text={sql} wrong={wrong} />
    </>
  );
}

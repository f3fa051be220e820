import { useSignal } from '@preact/signals';
import { format } from '../../text/format.ts';
import { compactJson, visibleText } from './body-text.ts';
import { t } from './text.ts';

/** A value of JSON to fold and unfold. What is folded is not drawn, of what is long only the beginning. */
export function ValueTree({ value, name, depth = 0 }: ValueTreeProps) {
  if (typeof value !== 'object' || value === null) return <Leaf value={value} name={name} />;
  return <Branch value={value} name={name} depth={depth} />;
}

type ValueTreeProps = {
  readonly value: unknown;
  readonly name?: string | undefined;
  readonly depth?: number;
};

function Branch({ value, name, depth }: { value: object; name: string | undefined; depth: number }) {
  const members = Object.entries(value);
  const isOpen = useSignal(depth === 0 || (depth < 3 && members.length <= openMax));
  const shown = useSignal(membersShown);
  const isList = Array.isArray(value);
  if (members.length === 0) return <Leaf value={value} name={name} />;
  return (
    <details
      class="value-tree"
      open={isOpen.value}
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open;
      }}
    >
      <summary class="value-summary">
        <Name name={name} />
        <span class="value-brief">
          {isOpen.value
            ? `${isList ? '[' : '{'}${format.number(members.length)}${isList ? ']' : '}'}`
            : compactJson(value, briefMax)}
        </span>
      </summary>
      {isOpen.value && (
        <div class="value-members">
          {members.slice(0, shown.value).map(([member, inner]) => (
            <ValueTree key={member} name={member} value={inner} depth={depth + 1} />
          ))}
          {members.length > shown.value && (
            <button
              type="button"
              class="button quiet"
              onClick={() => {
                shown.value += membersShown;
              }}
            >
              {t.more(format.number(members.length - shown.value))}
            </button>
          )}
        </div>
      )}
    </details>
  );
}

function Leaf({ value, name }: { value: unknown; name: string | undefined }) {
  const isWhole = useSignal(false);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const isLong = !isWhole.value && text.length > leafMax;
  const shown = isLong ? text.slice(0, leafMax) : text;
  return (
    <div class="value-leaf">
      <Name name={name} />
      <span class={`value-${value === null ? 'null' : typeof value}`}>
        {typeof value === 'string' ? `"${visibleText(shown)}${isLong ? '…' : '"'}` : shown}
      </span>
      {isLong && (
        <button
          type="button"
          class="button quiet"
          onClick={() => {
            isWhole.value = true;
          }}
        >
          {t.more(format.number(text.length - leafMax))}
        </button>
      )}
    </div>
  );
}

function Name({ name }: { readonly name: string | undefined }) {
  return name === undefined ? null : <span class="value-name">{visibleText(name)}: </span>;
}

const openMax = 20;
const membersShown = 100;
const briefMax = 60;
const leafMax = 2000;

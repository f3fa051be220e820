import { useSignal } from '@preact/signals';
import { texts } from '../text/text.ts';
import { CopyButton } from './copy-button.tsx';
import { Tabs } from './tabs.tsx';

const t = texts({ en: { code: 'Code' }, es: { code: 'Código' } });

/** Code to copy; of several languages, one at a time. */
export function CodeBlock({ samples }: CodeBlockProps) {
  const chosen = useSignal(samples[0]!.title);
  const sample = samples.find(({ title }) => title === chosen.value) ?? samples[0]!;
  return (
    <div class="code-block">
      <div class="code-head">
        {samples.length > 1 && (
          <Tabs
            label={t.code}
            tabs={samples.map(({ title }) => ({ id: title, title }))}
            chosen={sample.title}
            onChoose={(title) => {
              chosen.value = title;
            }}
          />
        )}
        <CopyButton text={sample.text} />
      </div>
      <pre class="mono">{sample.text}</pre>
    </div>
  );
}

export type CodeBlockProps = {
  readonly samples: readonly { readonly title: string; readonly text: string }[];
};

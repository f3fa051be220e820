import { useSignal } from '@preact/signals';
import { Button } from '../../parts/button.tsx';
import { format } from '../../text/format.ts';
import { PutPlan } from './put-plan.tsx';
import { fileSource, type PutSource, sampleSource, textSource } from './put-source.ts';
import { w } from './text-work.ts';

/** Many records: a file that is dropped or chosen, a text that is pasted, or samples. */
export function PutMany({ stream }: { readonly stream: string }) {
  const source = useSignal<PutSource | undefined>(undefined);
  if (source.value !== undefined) {
    return (
      <PutPlan
        stream={stream}
        source={source.value}
        onOther={() => {
          source.value = undefined;
        }}
      />
    );
  }
  const choose = (chosen: PutSource) => {
    source.value = chosen;
  };
  return (
    <div class="put-many">
      <DropArea onFile={(file) => choose(fileSource(file, w.fileName(file.name, format.bytes(file.size))))} />
      <div class="put-samples">
        <Button onPress={() => choose(sampleSource(w.sampleName))}>{w.sample}</Button>
      </div>
      <Paste onText={(text) => choose(textSource(text, w.pasted))} />
    </div>
  );
}

function DropArea({ onFile }: { readonly onFile: (file: File) => void }) {
  const isOver = useSignal(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file !== undefined) onFile(file);
  };
  return (
    <label
      class={isOver.value ? 'drop-area over' : 'drop-area'}
      onDragOver={(event) => {
        event.preventDefault();
        isOver.value = true;
      }}
      onDragLeave={() => {
        isOver.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        isOver.value = false;
        take(event.dataTransfer?.files);
      }}
    >
      <span>{w.drop}</span>
      <span class="button plain">{w.choose}</span>
      <input type="file" class="drop-input" onChange={(event) => take(event.currentTarget.files)} />
    </label>
  );
}

function Paste({ onText }: { readonly onText: (text: string) => void }) {
  const text = useSignal('');
  return (
    <div class="field">
      <label for="put-paste">{w.paste}</label>
      <textarea
        id="put-paste"
        class="input mono"
        rows={6}
        spellcheck={false}
        placeholder={'{"origin":"LAX","delay":75}\n{"origin":"BNA","delay":-3}'}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      <div>
        <Button disabled={text.value.trim() === ''} onPress={() => onText(text.value)}>
          {w.usePasted}
        </Button>
      </div>
    </div>
  );
}

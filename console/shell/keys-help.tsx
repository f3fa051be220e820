import { Dialog } from '../parts/dialog.tsx';
import { bindings } from './keys.ts';
import { t } from './text.ts';

/** All keys that do something here. */
export function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  const inPlace = [
    { keys: 'Home End', text: t.ends },
    { keys: 'Enter', text: t.openRow },
    { keys: 'Escape', text: t.close },
  ];
  return (
    <Dialog title={t.keysTitle} onClose={onClose}>
      <table class="keys">
        <tbody>
          {[...bindings.value, ...inPlace].map(({ keys, text }) => (
            <tr key={keys}>
              <th scope="row">
                {keys.split(' ').map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}

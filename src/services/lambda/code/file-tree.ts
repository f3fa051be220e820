import type { ProgramFile } from '../../../env/processes.ts';

export type TreeFile = {
  readonly length: number;
  readonly bytes: Uint8Array;
  readonly isExecutable: boolean;
};

type Folder = { readonly kind: 'folder'; readonly members: Map<string, Member> };
type Member =
  | Folder
  | { readonly kind: 'file'; readonly file: TreeFile }
  | { readonly kind: 'link'; readonly target: readonly string[] };

/** What files cannot be: `large`, or at paths that cannot be all at once, or not within one folder. */
export class UnfitTreeError extends Error {
  override readonly name = 'UnfitTreeError';
  readonly reason: 'large' | 'misplaced';

  constructor(reason: 'large' | 'misplaced') {
    super(`The files are ${reason}.`);
    this.reason = reason;
  }
}

/** Files, folders and links, each at one relative path. Throws `UnfitTreeError`. */
export class FileTree {
  readonly #root: Folder = newFolder();

  addFolder(path: string): void {
    this.#folder(partsOf(path));
  }

  addFile(path: string, file: TreeFile): void {
    this.#add(path, { kind: 'file', file });
  }

  /** A link that leads nowhere is left out; one that would lead out of the tree is refused. */
  addLink(path: string, target: string): void {
    if (target.startsWith('/') || target.includes('\0') || target.length > targetMax)
      throw new UnfitTreeError('misplaced');
    const parts = partsOf(path).slice(0, -1);
    for (const part of target.split('/')) {
      if (part === '..' && parts.length === 0) throw new UnfitTreeError('misplaced');
      if (part === '..') parts.pop();
      else if (part !== '' && part !== '.') parts.push(part);
    }
    this.#add(path, { kind: 'link', target: parts });
  }

  /** All files, also where links lead to them; `large` when those are too many or too much. */
  files({ bytesMax, filesMax }: { readonly bytesMax: number; readonly filesMax: number }): ProgramFile[] {
    const files: ProgramFile[] = [];
    let [left, visits] = [bytesMax, 0];
    for (const [path, file] of this.#walk(this.#root, '', [])) {
      left -= file?.length ?? 0;
      visits += 1;
      // Links can have the same folders visited again and again, empty ones too.
      if (left < 0 || visits > filesMax) throw new UnfitTreeError('large');
      if (file !== undefined) files.push({ path, bytes: file.bytes, isExecutable: file.isExecutable });
    }
    return files;
  }

  #add(path: string, member: Member): void {
    const parts = partsOf(path);
    const name = parts.pop();
    const { members } = this.#folder(parts);
    if (name === undefined || members.has(name)) throw new UnfitTreeError('misplaced');
    members.set(name, member);
  }

  #folder(parts: readonly string[]): Folder {
    let folder = this.#root;
    for (const part of parts) {
      const known = folder.members.get(part) ?? newFolder();
      if (known.kind !== 'folder') throw new UnfitTreeError('misplaced');
      folder.members.set(part, known);
      folder = known;
    }
    return folder;
  }

  /** `above` are the folders that it came through: a link to one of them has no end. */
  *#walk(folder: Folder, path: string, above: Folder[]): Generator<Visit> {
    yield [path, undefined];
    if (above.includes(folder)) return;
    if (above.length > depthMax) throw new UnfitTreeError('misplaced');
    above.push(folder);
    for (const [name, member] of folder.members) {
      const found = member.kind === 'link' ? this.#find(member.target, linksMax) : member;
      if (found?.kind === 'file') yield [path + name, found.file];
      if (found?.kind === 'folder') yield* this.#walk(found, `${path}${name}/`, above);
    }
    above.pop();
  }

  /** What is at a path, over no more than so many links; undefined when there is nothing. */
  #find(parts: readonly string[], links: number): Exclude<Member, { kind: 'link' }> | undefined {
    let found: Exclude<Member, { kind: 'link' }> = this.#root;
    for (const [index, part] of parts.entries()) {
      const member: Member | undefined = found.kind === 'folder' ? found.members.get(part) : undefined;
      if (member?.kind === 'link') {
        const rest = parts.slice(index + 1);
        return links === 0 ? undefined : this.#find([...member.target, ...rest], links - 1);
      }
      if (member === undefined) return undefined;
      found = member;
    }
    return found;
  }
}

/** A path, and the file that is there; undefined for a folder. */
type Visit = readonly [path: string, file: TreeFile | undefined];

function newFolder(): Folder {
  return { kind: 'folder', members: new Map() };
}

/** The names in a path. Throws where it leads out, or a name is none that a file can have. */
function partsOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const isUnfit = (part: string) =>
    part === '..' || part.includes('\0') || Buffer.byteLength(part) > nameBytesMax;
  if (path.startsWith('/') || parts.some(isUnfit) || parts.length > depthMax)
    throw new UnfitTreeError('misplaced');
  return parts;
}

/** As Linux has them (PATH_MAX). */
const targetMax = 4096;
/** As Linux has them (path_resolution(7), NAME_MAX of ext4). */
const nameBytesMax = 255;
const linksMax = 40;
/** No program's files are as deep. */
const depthMax = 100;

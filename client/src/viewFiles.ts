import {
  Disposable,
  EventEmitter,
  type FileChangeEvent,
  FileChangeType,
  FilePermission,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  Uri,
  workspace,
} from "vscode";

/** The formatted views as files that cannot be written. */
export interface ViewFiles extends FileSystemProvider {
  /** Tells VS Code that a view has another text now. */
  changed(uri: Uri): void;
}

/** When the file that a view shows was written; 0 where it is none. A view that nobody has open is made again where it differs. */
async function timeOfSource(view: Uri): Promise<number> {
  try {
    return (await workspace.fs.stat(Uri.parse(view.query, true))).mtime;
  } catch {
    // Not saved anywhere yet, or gone.
    return 0;
  }
}

/** A byte order mark says that this is UTF-8, whatever the user's setting for the encoding of files. */
const BOM = "\uFEFF";

/**
 * Serves the scheme `keras-config` as a file system: VS Code restores the tabs of files when it starts again, and those of
 * other virtual documents it does not. Views have no folders and nothing in them can be written.
 */
export function createViewFiles(textOf: (uri: Uri) => Promise<string>): ViewFiles {
  const changes = new EventEmitter<FileChangeEvent[]>();
  const modified = new Map<string, number>();
  const started = Date.now();
  const refuse = (uri: Uri): never => {
    throw FileSystemError.NoPermissions(uri);
  };
  return {
    onDidChangeFile: changes.event,
    changed(uri) {
      // VS Code reads a file again only where its time differs.
      const key = uri.toString();
      modified.set(key, Math.max(Date.now(), (modified.get(key) ?? started) + 1));
      changes.fire([{ type: FileChangeType.Changed, uri }]);
    },
    stat: async (uri) => ({
      type: FileType.File,
      permissions: FilePermission.Readonly,
      ctime: started,
      mtime: Math.max(modified.get(uri.toString()) ?? started, await timeOfSource(uri)),
      // To know it the view would have to be made, and VS Code makes no use of it.
      size: 0,
    }),
    async readFile(uri) {
      try {
        return new TextEncoder().encode(BOM + (await textOf(uri)));
      } catch (error) {
        throw FileSystemError.Unavailable(error instanceof Error ? error.message : String(error));
      }
    },
    watch: () => new Disposable(() => {}),
    readDirectory: () => [],
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
}

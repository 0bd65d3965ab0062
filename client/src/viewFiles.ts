import {
  Disposable,
  EventEmitter,
  type FileChangeEvent,
  FileChangeType,
  FilePermission,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  type Uri,
} from "vscode";

/** The formatted views as files that cannot be written. */
export interface ViewFiles extends FileSystemProvider {
  /** Tells VS Code that a view has another text now. */
  changed(uri: Uri): void;
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
    stat: (uri) => ({
      type: FileType.File,
      permissions: FilePermission.Readonly,
      ctime: started,
      mtime: modified.get(uri.toString()) ?? started,
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

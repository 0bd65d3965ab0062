import { type ImportStatement, importStatement, simpleStatement } from "./headers.ts";
import { dottedName } from "./literals.ts";
import type { PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";
import type { Binding } from "./summary.ts";
import { statementsOfScope } from "./walk.ts";

/** Where a module stands, for its relative imports; without it they keep their dots: `.utils.get`. */
export interface ModulePlace {
  /** The module's dotted name. */
  readonly module: string;
  /** Whether it is a package's `__init__`. */
  readonly isPackage: boolean;
}

/** Turns a name of a module into a dotted path; undefined where the module does not bind it to one. */
export type NameResolver = (name: string) => string | undefined;

/**
 * What the names of a module stand for, as dotted paths: its imports at module level (in any branch; the first one of a
 * name counts, since in `try … except ImportError` that is the one that is wanted) and plain aliases
 * (`register = keras.saving.register_keras_serializable`).
 */
export function importAliases(tree: PythonTree, place?: ModulePlace): NameResolver {
  const aliases = new Map<string, string>();
  const resolve: NameResolver = (name) => aliases.get(name);
  for (const statement of statementsOfScope(tree.body)) {
    if (statement.kind === "import" || statement.kind === "from") {
      bindImport(importStatement(tree, statement), place, (name, path) => {
        if (!aliases.has(name)) aliases.set(name, path);
      });
    } else if (statement.kind === "simple") {
      const alias = aliasAssignment(tree, statement);
      const path = alias && boundPath(alias.path, resolve);
      if (alias && path !== undefined && !aliases.has(alias.name)) aliases.set(alias.name, path);
    }
  }
  return resolve;
}

/** Calls `bind` with each name that an import binds and the dotted path behind it; star imports bind nothing here. */
export function bindImport(
  statement: ImportStatement,
  place: ModulePlace | undefined,
  bind: (name: string, path: string) => void,
): void {
  for (const imported of statement.names) {
    if (imported.name === "*" || imported.name === "") continue;
    if (statement.from === undefined) {
      if (imported.as !== undefined) bind(imported.as, imported.name);
      else {
        const top = imported.name.split(".", 1)[0]!;
        bind(top, top);
      }
    } else {
      const module = absoluteModule(statement.from, statement.level, place);
      bind(
        imported.as ?? imported.name,
        module === "" || module.endsWith(".") ? module + imported.name : `${module}.${imported.name}`,
      );
    }
  }
}

/**
 * The module that `from <dots><name>` means. Without a place, and where the dots lead above the top package, the dots
 * stay.
 */
export function absoluteModule(name: string, level: number, place: ModulePlace | undefined): string {
  if (level === 0) return name;
  const parts = place?.module.split(".") ?? [];
  const up = place?.isPackage ? level - 1 : level;
  if (!place || up > parts.length || (up === parts.length && name === "")) return ".".repeat(level) + name;
  const base = parts.slice(0, parts.length - up);
  return [...base, ...(name === "" ? [] : [name])].join(".");
}

/** Replaces the first segment of a dotted name by what it stands for. */
export function resolveDotted(path: string, resolve: NameResolver): string {
  return boundPath(path, resolve) ?? path;
}

/** The same; undefined where the first segment stands for nothing that is known. */
function boundPath(path: string, resolve: NameResolver): string | undefined {
  const dot = path.indexOf(".");
  const head = dot < 0 ? path : path.slice(0, dot);
  const target = resolve(head);
  if (target === undefined || dot < 0) return target;
  return target + path.slice(dot);
}

/** `name = a.b.c`; undefined for every other statement. */
function aliasAssignment(tree: PythonTree, statement: Statement): { name: string; path: string } | undefined {
  if (statement.end - statement.start > 200) return undefined;
  const { operator, targets, value } = simpleStatement(tree, statement);
  if (operator !== "=" || targets.length !== 1 || targets[0]!.kind !== "name" || !value) return undefined;
  const path = dottedName(value);
  return path === undefined ? undefined : { name: targets[0]!.id, path };
}

/** What the names of a module stand for, as `importAliases` tells it, read off its bindings. */
export function bindingAliases(bindings: readonly Binding[]): NameResolver {
  const paths = new Map<string, string>();
  for (const { name, run, value } of bindings) {
    if (paths.has(name) || run?.never) continue;
    if (value.kind === "module") paths.set(name, value.module);
    else if (value.kind === "member") {
      const base = ".".repeat(value.level) + value.module;
      paths.set(name, base.endsWith(".") ? base + value.name : `${base}.${value.name}`);
    } else if (value.kind === "value" && value.value.kind === "name") {
      const path = boundPath(value.value.path, (head) => paths.get(head));
      if (path !== undefined) paths.set(name, path);
    }
  }
  return (name) => paths.get(name);
}

import type { ImportFact } from "../python/summary.ts";
import { CustomObjects, type CustomObjectsMemory } from "./customObjects.ts";
import { Evaluator } from "./evaluate.ts";
import { type CustomObjectsPlace, Findings } from "./findings.ts";
import { Following } from "./following.ts";
import { Hierarchy } from "./hierarchy.ts";
import { importOrder } from "./importOrder.ts";
import { Interpreter } from "./interpret/interpreter.ts";
import { Memory } from "./memory.ts";
import { type FunctionEntity, type LinkedModule, type ModuleInput, ModuleTable, samePlaces } from "./moduleTable.ts";
import { importsOutside } from "./outside.ts";
import { isAlwaysThere, isKnownSilent, rootOf, sameStatuses } from "./packages.ts";
import { Registrations } from "./registrations.ts";
import { LinkedRegistry, type Registry, type World } from "./registry.ts";
import { withoutRemoved } from "./removed.ts";
import type { Modules } from "./tracker.ts";
import { wantedModules } from "./wanted.ts";
import { type Use, Wrappers } from "./wrappers.ts";

/** Links the summaries of one root's modules. Pure; the cost is linear in the summaries but for what refers to what. */
export function buildRegistry(modules: readonly ModuleInput[], world: World): Registry {
  const steps = linkRegistry(modules, world);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** `buildRegistry` in steps of well below a millisecond, for callers whom somebody waits for. */
export function linkRegistry(inputs: readonly ModuleInput[], world: World): Generator<undefined, Registry> {
  return new Linker().link(inputs, world);
}

/** What one reading leaves for the next one. */
interface Reading {
  readonly inputs: readonly ModuleInput[];
  readonly world: World;
  readonly table: ModuleTable;
  readonly order: ReadonlyMap<LinkedModule, number>;
  readonly interpreter: Interpreter;
  readonly modules: Memory<LinkedModule>;
  readonly statements: Memory<LinkedModule>;
  readonly uses: Memory<Use>;
  readonly customObjects: CustomObjectsMemory;
}

/**
 * Links summaries again and again: where only some of them changed since the last time, what was found in the others is
 * kept, as far as it came from modules that did not change.
 */
export class Linker {
  private last: Reading | undefined;

  /** The registry of these modules, in steps. What is given up between steps is begun anew the next time. */
  *link(inputs: readonly ModuleInput[], world: World): Generator<undefined, Registry> {
    const { last } = this;
    const changed = last && changedModules(last, inputs, world);
    const gone = new Set(changed?.keys());
    // What a module that changed had put into others is taken out with it: these are read anew, too.
    for (const module of [...gone]) for (const home of last?.interpreter.changes.get(module) ?? []) gone.add(home);
    const isKept = (from: Modules) => {
      if (gone.size < from.size) {
        for (const module of gone) if (from.has(module)) return false;
      } else for (const module of from) if (gone.has(module)) return false;
      return true;
    };
    const before = changed && last;
    const table = changed ? last!.table.with(changed) : new ModuleTable([]);
    if (!changed) {
      for (const input of inputs) {
        yield;
        table.add(input);
      }
    }
    const statusOf = (root: string) => world.packages?.get(root) ?? "missing";
    const evaluator = new Evaluator(table, (root) => presence(root, table, world));
    const isUnread = (root: string) => table.isOwn(root) || statusOf(root) === "missing";
    const findings = new Findings();
    const hierarchy = new Hierarchy(evaluator, (entity) => findings.open.has(entity));
    const isOpenPath = (path: string) => !isKnownSilent(rootOf(path)) && isUnread(rootOf(path));
    const interpreter = new Interpreter(evaluator, hierarchy, isOpenPath, before?.interpreter, isKept);
    const following = new Following(interpreter, hierarchy, findings);
    const memory = {
      modules: new Memory<LinkedModule>(before?.modules, isKept),
      statements: new Memory<LinkedModule>(before?.statements, isKept),
      uses: new Memory<Use>(before?.uses, isKept),
      customObjects: {
        functions: new Memory<FunctionEntity>(before?.customObjects.functions, isKept),
        places: new Memory<CustomObjectsPlace>(before?.customObjects.places, isKept),
      },
    };
    const wrappers = new Wrappers(evaluator, hierarchy, findings, following, memory.uses, isUnread);
    const order = (changed && orderWith(last!, changed, table)) ?? (yield* importOrder(table));
    const modules = [...table.modules].sort((a, b) => order.get(a)! - order.get(b)!);
    const registrations = new Registrations(evaluator, findings, wrappers, following);
    for (const module of modules) {
      yield;
      memory.modules.add(module, findings, evaluator.tracker, () => registrations.read(module));
    }
    yield* wrappers.follow();
    yield* wrappers.followInheritance(modules);
    // What decorators fill is full when statements hand it on: a program may import its modules in any order.
    for (const module of modules) {
      yield;
      memory.statements.add(module, findings, evaluator.tracker, () => registrations.run(module));
    }
    yield* wrappers.follow();
    yield* new CustomObjects(evaluator, findings, following, memory.customObjects).read();
    findings.declared.sort((a, b) => order.get(a.by)! - order.get(b.by)! || a.offset - b.offset);
    const declared = withoutRemoved(findings.declared, findings.removed, (module) => order.get(module)!);
    const wanted = yield* wantedModules(table.modules, evaluator, wrappers, findings);
    const outside = yield* importsOutside(table, statusOf);
    const registry = new LinkedRegistry({ table, evaluator, hierarchy, findings, declared, wanted, outside }, world);
    this.last = { inputs, world, table, order, interpreter, ...memory };
    return registry;
  }
}

/** Whether the import of a package is known to succeed, or to fail. */
function presence(root: string, table: ModuleTable, world: World): "there" | "missing" | undefined {
  if (isAlwaysThere(root)) return "there";
  if (isKnownSilent(root) || table.isOwn(root)) return undefined;
  const status = world.packages?.get(root);
  return status === "missing" ? "missing" : status === undefined ? undefined : "there";
}

/** The modules of the last reading that have another summary now; undefined where more than summaries changed. */
function changedModules(
  { inputs: before, world: old, table }: Reading,
  inputs: readonly ModuleInput[],
  world: World,
): ReadonlyMap<LinkedModule, ModuleInput> | undefined {
  if (before.length !== inputs.length || !sameStatuses(old.packages, world.packages)) return undefined;
  const changed = new Map<LinkedModule, ModuleInput>();
  for (const [index, input] of inputs.entries()) {
    const was = before[index]!;
    if (was === input) continue;
    const isSameFile = was.summary.uri === input.summary.uri && was.installed === input.installed;
    if (!isSameFile || !samePlaces(was, input)) return undefined;
    // What a module fills in others is asked wherever one of that name is.
    if (was.summary.filledElsewhere.join() !== input.summary.filledElsewhere.join()) return undefined;
    changed.set(table.modules[index]!, input);
  }
  return changed;
}

/** The order of imports as it was, where the modules that changed import what they did. */
function orderWith(
  { order, table: before }: Reading,
  changed: ReadonlyMap<LinkedModule, ModuleInput>,
  table: ModuleTable,
): ReadonlyMap<LinkedModule, number> | undefined {
  for (const [module, { summary }] of changed) {
    if (
      JSON.stringify(module.summary.imports.map(withoutPlace)) !== JSON.stringify(summary.imports.map(withoutPlace))
    ) {
      return undefined;
    }
  }
  return new Map(before.modules.map((module, index) => [table.modules[index]!, order.get(module)!]));
}

function withoutPlace({ at: _at, ...fact }: ImportFact): object {
  return fact;
}

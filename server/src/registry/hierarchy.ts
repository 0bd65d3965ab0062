import { absoluteModule, resolveDotted } from "../python/importAliases.ts";
import { leavesObject } from "./decorators.ts";
import type { Evaluator } from "./evaluate.ts";
import { type ClassEntity, type LinkedModule, qualnameOf } from "./moduleTable.ts";
import { isKnownSilent, rootOf } from "./packages.ts";
import type { Resolved } from "./resolved.ts";
import type { Modules } from "./tracker.ts";
import type { ClassPatch, FunctionFlow, HeldValues, MroEntry, WorkspaceClass, WorkspaceClassBody } from "./view.ts";

/** A class of the workspace, or the dotted path of one that is not read. */
type Ancestor = ClassEntity | string;

interface Linearization {
  readonly order: readonly Ancestor[];
  readonly complete: boolean;
}

/** A method resolution order longer than this is cut. */
const LONGEST_ORDER = 400;

/** Method resolution orders of the workspace's classes, across files. */
export class Hierarchy {
  private readonly evaluator: Evaluator;
  /** Whether a decorator or metaclass leaves open what a class is in the end. */
  private readonly isOpen: (entity: ClassEntity) => boolean;
  private readonly orders = new Map<ClassEntity, Linearization>();
  /** The modules that an order came from. */
  private readonly origins = new Map<ClassEntity, Modules>();
  private readonly bodies = new Map<ClassEntity, WorkspaceClassBody>();

  constructor(evaluator: Evaluator, isOpen: (entity: ClassEntity) => boolean) {
    this.evaluator = evaluator;
    this.isOpen = isOpen;
  }

  /** The class and its ancestors, the class itself first. */
  order(entity: ClassEntity): Linearization {
    const known = this.orders.get(entity);
    const { tracker } = this.evaluator;
    if (known) return tracker.use({ value: known, from: this.origins.get(entity)! });
    const { value, from } = tracker.trace(() => this.compute(entity));
    for (const made of value) this.origins.set(made, from);
    return this.orders.get(entity)!;
  }

  /** Makes the order of a class and of those of its ancestors that have none; answers these. */
  private compute(entity: ClassEntity): readonly ClassEntity[] {
    const made: ClassEntity[] = [];
    // Bases before what derives from them, without recursion.
    const waiting: ClassEntity[] = [entity];
    const open = new Set<ClassEntity>();
    while (waiting.length > 0) {
      const at = waiting[waiting.length - 1]!;
      if (this.orders.has(at)) {
        waiting.pop();
        continue;
      }
      const bases = this.basesOf(at);
      for (const base of bases) {
        const from = typeof base === "object" ? this.origins.get(base) : undefined;
        if (from) this.evaluator.tracker.use({ value: base, from });
      }
      const missing = bases.filter((base) => typeof base === "object" && !this.orders.has(base) && !open.has(base));
      open.add(at);
      if (missing.length > 0) {
        waiting.push(...(missing as ClassEntity[]));
        continue;
      }
      this.orders.set(at, this.linearize(at, bases));
      made.push(at);
      waiting.pop();
    }
    // Where bases lead back to a class, its order may be asked for before it is whole.
    return made;
  }

  private basesOf(entity: ClassEntity): readonly (Ancestor | undefined)[] {
    return this.evaluator.bases(entity).map((base) => ancestor(base));
  }

  private linearize(entity: ClassEntity, bases: readonly (Ancestor | undefined)[]): Linearization {
    let complete = true;
    const lists: Ancestor[][] = [];
    const direct: Ancestor[] = [];
    for (const base of bases) {
      if (base === undefined) {
        complete = false;
        continue;
      }
      direct.push(base);
      if (typeof base === "string") {
        if (!isKnownSilent(rootOf(base)) && base !== "object" && base.includes(".")) complete = false;
        lists.push([base]);
        continue;
      }
      const order = this.orders.get(base);
      // A class that derives from itself has no order; Python has no such class either.
      if (!order || base === entity) complete = false;
      else {
        lists.push([...order.order]);
        complete &&= order.complete;
      }
    }
    lists.push(direct);
    const merged =
      direct.length === 1
        ? { order: lists[0]!.filter((item) => item !== "object"), consistent: true }
        : merge(lists.map((list) => list.filter((item) => item !== "object")));
    if (!merged.consistent) complete = false;
    const order = [entity, ...merged.order.filter((item) => item !== entity)];
    if (order.length > LONGEST_ORDER) {
      order.length = LONGEST_ORDER;
      complete = false;
    }
    order.push("object");
    return { order, complete };
  }

  /** Whether a class or one of its ancestors in the workspace binds a name in its body; external ones are not asked. */
  defines(entity: ClassEntity, name: string): boolean {
    return this.order(entity).order.some(
      (item) => typeof item !== "string" && item.module.bindings(item.fact.body, name).length > 0,
    );
  }

  /** The class as the simulation asks for it; `patchOf` says what may be set on a class. */
  classOf(entity: ClassEntity, patchOf: (entity: ClassEntity) => ClassPatch | undefined): WorkspaceClass {
    const { order, complete } = this.order(entity);
    const { name, module, qualname, location } = this.body(entity);
    const mro = order.map(
      (item): MroEntry =>
        typeof item === "string"
          ? { kind: "external", path: item }
          : { kind: "workspace", class: patched(this.body(item), patchOf(item)) },
    );
    return {
      name,
      module,
      qualname,
      location,
      mro,
      mroComplete:
        complete &&
        !order.some((item) => typeof item !== "string" && (this.isOpen(item) || this.evaluator.hasOtherBases(item))),
    };
  }

  private body(entity: ClassEntity): WorkspaceClassBody {
    this.evaluator.tracker.touch(entity.module);
    let body = this.bodies.get(entity);
    if (!body) {
      const { module, fact } = entity;
      const { bindings } = module.summary.scopes[fact.body]!;
      body = {
        name: fact.name,
        module: module.name,
        qualname: qualnameOf(entity),
        location: module.location(fact.at),
        members: new Set(bindings.map((binding) => binding.name)),
        ...(isConstructedOtherwise(entity, bindings) ? { isConstructedOtherwise: true } : {}),
        ...(fact.init ? { init: resolveFlow(fact.init, module) } : {}),
        // Of two, which of them it is hangs on what runs.
        ...(fact.fromConfig && module.bindings(fact.body, "from_config").length === 1
          ? { fromConfig: resolveFlow(fact.fromConfig, module) }
          : {}),
        ...(fact.values ? { values: resolveValues(fact.values, module) } : {}),
      };
      this.bodies.set(entity, body);
    }
    return body;
  }
}

function patched(body: WorkspaceClassBody, patch: ClassPatch | undefined): WorkspaceClassBody {
  return patch ? { ...body, members: new Set([...body.members, ...(patch.members ?? [])]), patch } : body;
}

/** Whether something besides the class's own `__init__` may take its arguments: a dataclass, a metaclass, a second binding. */
function isConstructedOtherwise({ module, fact }: ClassEntity, bindings: readonly { name: string }[]): boolean {
  const { decorators, keywords } = fact;
  if (keywords.some(({ name }) => name === "metaclass")) return true;
  if (decorators.some(({ text }) => !leavesObject(resolveDotted(text, module.aliases)))) return true;
  return bindings.filter(({ name }) => name === "__init__").length > 1;
}

/** Names of the module itself and relative imports as absolute paths, so that the simulation can compare callees. */
function resolveFlow(flow: FunctionFlow, module: LinkedModule): FunctionFlow {
  return { ...flow, uses: flow.uses.map((use) => ({ ...use, callee: absoluteCallee(use.callee, module) })) };
}

function resolveValues(values: HeldValues, module: LinkedModule): HeldValues {
  const held = values.held.map((one) => (one.by === undefined ? one : { ...one, by: absoluteCallee(one.by, module) }));
  return { ...values, held };
}

function absoluteCallee(callee: string, module: LinkedModule): string {
  const dots = /^\.+/.exec(callee)?.[0].length ?? 0;
  if (dots === 0) return callee;
  return absoluteModule(callee.slice(dots), dots, { module: module.name, isPackage: module.isPackage });
}

function ancestor(base: Resolved): Ancestor | undefined {
  if (base.kind === "class") return base;
  if (base.kind !== "external") return undefined;
  // What a call returned is no class that can be named.
  if (base.path.includes("()")) return undefined;
  return base.path.startsWith("builtins.") ? base.path.slice("builtins.".length) : base.path;
}

/** The merge of C3; where it fails, depth-first order with duplicates kept at their last place, as old Pythons did. */
function merge(lists: Ancestor[][]): { order: Ancestor[]; consistent: boolean } {
  const order: Ancestor[] = [];
  const heads = lists.map(() => 0);
  // How often each class still stands behind the head of a list.
  const behind = new Map<Ancestor, number>();
  for (const list of lists) for (const item of list.slice(1)) behind.set(item, (behind.get(item) ?? 0) + 1);
  for (;;) {
    let candidate: Ancestor | undefined;
    let left = false;
    for (let i = 0; i < lists.length && candidate === undefined; i++) {
      const head = lists[i]![heads[i]!];
      if (head === undefined) continue;
      left = true;
      if ((behind.get(head) ?? 0) === 0) candidate = head;
    }
    if (!left) return { order, consistent: true };
    if (candidate === undefined) break;
    order.push(candidate);
    for (let i = 0; i < lists.length; i++) {
      if (lists[i]![heads[i]!] !== candidate) continue;
      heads[i]!++;
      const next = lists[i]![heads[i]!];
      if (next !== undefined) behind.set(next, behind.get(next)! - 1);
    }
  }
  return { order: [...new Set(lists.flat())], consistent: false };
}
